// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files and folders, symbolic links followed, and tells the state of each: what is in it,
 * or that it is missing or cannot be read. A file whose size, date and identity are as before is
 * not read again. Worker threads, one look at a time.
 *
 * <p>In folders, names that begin with {@code .} or {@code #} or end with {@code ~} are passed
 * over: they are what editors leave behind, and where Kubernetes keeps its generations.
 */
final class WatchedFiles {
  static final int MOST_FILES = 10_000;

  private static final int DEEPEST = 16;
  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

  /**
   * What tells cheaply that a file is another one: a link that was turned leads to another key.
   *
   * @param key device and inode; null where the system has none
   * @param readable rights may be lost without a new date
   */
  private record Signature(FileTime modified, long size, Object key, boolean readable) {}

  private record Known(Signature signature, String state) {}

  private final int mostFiles;
  private final long mostBytes;
  private final Set<String> warned = new HashSet<>();
  private Map<Path, Known> known = Map.of();

  WatchedFiles() {
    this(MOST_FILES, FileContent.MOST_BYTES);
  }

  /**
   * @param mostFiles how many files and folders are looked at
   * @param mostBytes a larger file is not read: its size and date stand for it
   */
  WatchedFiles(int mostFiles, long mostBytes) {
    this.mostFiles = mostFiles;
    this.mostBytes = mostBytes;
  }

  /**
   * Looks at all of them. Blocks.
   *
   * @param roots files and folders, which need not exist
   * @param thorough whether to read every file, also those that seem to be as before
   * @return the state of each file and folder that was found or is missing
   */
  Map<Path, String> look(List<Path> roots, boolean thorough) {
    Look look = new Look(thorough);
    for (Path root : roots) {
      look.walk(root);
    }
    known = look.now;
    return Map.copyOf(look.states);
  }

  private void warnOnce(String message) {
    if (warned.add(message)) {
      LOG.warn("{}", message);
    }
  }

  private final class Look extends SimpleFileVisitor<Path> {
    private final boolean thorough;
    private final Map<Path, String> states = new HashMap<>();
    private final Map<Path, Known> now = new HashMap<>();
    private Path root;

    private Look(boolean thorough) {
      this.thorough = thorough;
    }

    private void walk(Path from) {
      root = from;
      try {
        Files.walkFileTree(from, Set.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, this);
      } catch (IOException e) {
        states.put(from, FileContent.absent(e));
      }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return isPassedOver(folder)
          ? FileVisitResult.SKIP_SUBTREE
          : found(folder, FileContent.FOLDER);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      boolean seen = states.containsKey(file);
      return seen || isPassedOver(file)
          ? FileVisitResult.CONTINUE
          : found(file, state(file, attributes));
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException cause) {
      return isPassedOver(file) ? FileVisitResult.CONTINUE : found(file, FileContent.absent(cause));
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException cause) {
      return cause == null ? FileVisitResult.CONTINUE : found(folder, FileContent.absent(cause));
    }

    private boolean isPassedOver(Path path) {
      String name = path.getFileName() == null ? "" : path.getFileName().toString();
      return !path.equals(root)
          && (name.startsWith(".") || name.startsWith("#") || name.endsWith("~"));
    }

    private FileVisitResult found(Path path, String state) {
      if (states.size() >= mostFiles && !states.containsKey(path)) {
        warnOnce(
            root
                + " has too many files: only "
                + mostFiles
                + " are watched for changes; keep other files elsewhere");
        return FileVisitResult.TERMINATE;
      }
      states.put(path, state);
      return FileVisitResult.CONTINUE;
    }

    private String state(Path file, BasicFileAttributes attributes) {
      if (attributes.isSymbolicLink()) {
        return FileContent.MISSING; // one that leads to something has been followed
      }
      if (attributes.size() > mostBytes) {
        warnOnce(file + " is very large: a change is noticed by its size and date alone");
      }
      Signature signature =
          new Signature(
              attributes.lastModifiedTime(),
              attributes.size(),
              attributes.fileKey(),
              Files.isReadable(file));
      Known before = known.get(file);
      String state =
          !thorough && before != null && before.signature().equals(signature)
              ? before.state()
              : FileContent.of(file, attributes, mostBytes);
      now.put(file, new Known(signature, state));
      return state;
    }
  }
}
