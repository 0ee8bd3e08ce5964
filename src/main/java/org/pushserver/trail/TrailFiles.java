// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.pushserver.spi.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder with the files of the trail, each named by when it was begun, in UTC. Blocks; any
 * thread.
 */
final class TrailFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TrailFiles.class);

  private static final String DAMAGED = ".damaged";

  /** What SQLite keeps beside a file that is open, and we beside one that is closed. */
  private static final List<String> BESIDE = List.of("-wal", "-shm", "-journal", KeyIndex.SUFFIX);

  private static final int HEADER_BYTES = 100;

  private final Path folder;

  /** Those that are closed, by their name: they never change. */
  private final Map<String, StoredFile> closed = new ConcurrentHashMap<>();

  /** Those that a newer Pushserver has written, by their name, once it was told of them. */
  private final Set<String> newer = ConcurrentHashMap.newKeySet();

  /**
   * @param folder need not be there
   */
  TrailFiles(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /**
   * Where the next file is to be.
   *
   * @param now milliseconds since the epoch
   */
  Path next(long now) {
    long begun = now;
    while (isTaken(begun)) {
      begun++;
    }
    return path(begun);
  }

  private boolean isTaken(long begun) {
    Path path = path(begun);
    return Files.exists(path) || Files.exists(beside(path, DAMAGED));
  }

  private Path path(long begun) {
    return folder.resolve(TrailName.of(begun));
  }

  private static Path beside(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  /**
   * The files that can be read, newest first; none when there is no folder.
   *
   * <p>One that is not what it was is set aside, so that the others serve. One that a newer
   * Pushserver has written is left alone: whoever goes back to the newer one wants to have it.
   */
  List<StoredFile> list() throws IOException {
    List<StoredFile> files = new ArrayList<>();
    for (Path path : paths(TrailName.SUFFIX)) {
      StoredFile known = closed.get(path.getFileName().toString());
      if (known == null) {
        known = look(path);
      }
      if (known != null) {
        files.add(known);
      }
    }
    forget(files);
    files.sort(Comparator.comparing(StoredFile::name).reversed());
    return files;
  }

  /** Those that a newer Pushserver has written, by their names, as the last look found them. */
  List<String> newer() {
    return newer.stream().sorted().toList();
  }

  /** Those that were set aside because they are damaged. */
  List<Path> damaged() throws IOException {
    return paths(TrailName.SUFFIX + DAMAGED);
  }

  private List<Path> paths(String suffix) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path path : all) {
        String name = path.getFileName().toString();
        if (name.endsWith(suffix) && TrailName.begun(name) >= 0) {
          paths.add(path);
        }
      }
    } catch (NoSuchFileException e) {
      return paths;
    }
    return paths;
  }

  private void forget(List<StoredFile> there) {
    newer.removeIf(name -> !Files.exists(folder.resolve(name)));
    if (closed.size() > there.size()) {
      Set<String> names = there.stream().map(StoredFile::name).collect(Collectors.toSet());
      closed.keySet().retainAll(names);
    }
  }

  private static long since(Path path) {
    return TrailName.begun(path.getFileName().toString());
  }

  /** Null when it has gone, or is set aside now. */
  private StoredFile look(Path path) throws IOException {
    if (TrailFile.isWritten(path)) {
      return new StoredFile(path, since(path), false, Files.size(path));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      int read = channel.read(header, 0);
      int state = read < HEADER_BYTES ? TrailSchema.OPEN : header.getInt(60);
      if (state > TrailSchema.CLOSED && header.getInt(68) == TrailSchema.APPLICATION) {
        isNewer(path);
        return null;
      }
      // While it is being closed its beginning says so before its end is there.
      if (state != TrailSchema.CLOSED || beside(path, "-journal").toFile().exists()) {
        return new StoredFile(path, since(path), false, channel.size());
      }
      long bytes = channel.size();
      // Of a page 65536 bytes long the header has 1.
      int page = header.getShort(16) & 0xFFFF;
      long whole = (header.getInt(28) & 0xFFFFFFFFL) * (page == 1 ? 1 << 16 : page);
      if (header.getInt(68) != TrailSchema.APPLICATION || whole != bytes) {
        setAside(path, "it has " + bytes + " bytes instead of " + whole);
        return null;
      }
      StoredFile file = new StoredFile(path, since(path), true, bytes + size(KeyIndex.path(path)));
      closed.put(file.name(), file);
      return file;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void isNewer(Path path) {
    if (newer.add(path.getFileName().toString())) {
      LOG.warn("the trail's file {} is of a newer Pushserver: it is left alone", path);
    }
  }

  /**
   * Takes a file out of the trail that is damaged, and keeps it beside the others for whoever wants
   * to look into it.
   *
   * @param why what is wrong with it, in an operator's words
   */
  void setAside(Path path, String why) {
    closed.remove(path.getFileName().toString());
    try {
      Path aside = beside(path, DAMAGED);
      move(path, aside);
      for (String suffix : BESIDE) {
        move(beside(path, suffix), beside(aside, suffix));
      }
      LOG.error("the trail's file {} is damaged and set aside as {}: {}", path, aside, why);
    } catch (IOException e) {
      LOG.error(
          "the trail's file {} is damaged: {}; it cannot be set aside: {}",
          path,
          why,
          Reason.of(e));
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Path unused = Files.move(from, to);
    } catch (NoSuchFileException e) {
      // Somebody was quicker, or SQLite has none of these.
      return;
    }
  }

  /**
   * Deletes what is too old, and the oldest while all together is too big; never a file that is
   * still written.
   *
   * @param oldest what ended before is too old, milliseconds since the epoch
   * @param most how many bytes all files may have together
   * @return how many files were deleted
   */
  int expire(long oldest, long most) throws IOException {
    List<StoredFile> files = list();
    long bytes = files.stream().mapToLong(StoredFile::bytes).sum();
    int deleted = 0;
    for (Path path : damaged()) {
      bytes += size(path);
    }
    for (Path path : damaged()) {
      if (since(path) < oldest || bytes > most) {
        bytes -= delete(path);
        deleted++;
      }
    }
    for (String name : newer()) {
      Path path = folder.resolve(name);
      if (since(path) < oldest) {
        // It was not counted above.
        long unused = delete(path);
        deleted++;
      }
    }
    // From the oldest on; what is in a file ended before the next was begun.
    for (int i = files.size() - 1; i > 0; i--) {
      StoredFile file = files.get(i);
      if (file.closed() && (files.get(i - 1).since() < oldest || bytes > most)) {
        bytes -= delete(file.path());
        deleted++;
      }
    }
    return deleted;
  }

  private long delete(Path path) throws IOException {
    long bytes = size(path) + size(KeyIndex.path(path));
    closed.remove(path.getFileName().toString());
    boolean unused = Files.deleteIfExists(path);
    for (String suffix : BESIDE) {
      unused = Files.deleteIfExists(beside(path, suffix));
    }
    return bytes;
  }

  /** 0 when there is none. */
  private static long size(Path path) {
    return path.toFile().length();
  }
}
