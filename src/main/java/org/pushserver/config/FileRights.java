// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a user of this machine may do with files, as far as owner, groups and mode tell: access
 * lists are not looked at. Blocks.
 */
final class FileRights {
  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int ENTER = 1;
  private static final long PATIENCE_S = 10;

  private final int user;
  private final Set<Integer> groups;

  private FileRights(int user, Set<Integer> groups) {
    this.user = user;
    this.groups = groups;
  }

  /** Those of somebody who owns nothing and is in no group. */
  static FileRights ofEverybody() {
    return new FileRights(-1, Set.of());
  }

  /**
   * Those of a user.
   *
   * @return empty when the system does not know the user
   */
  static Optional<FileRights> of(String name) {
    Optional<String> id = id("-u", name);
    Optional<String> groups = id("-G", name);
    if (id.isEmpty() || groups.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new FileRights(
            Integer.parseInt(id.get()),
            Stream.of(groups.get().split(" ")).map(Integer::valueOf).collect(Collectors.toSet())));
  }

  private static Optional<String> id(String what, String name) {
    try {
      ProcessBuilder command = new ProcessBuilder("id", what, "--", name);
      command.environment().clear();
      Process process = command.start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return process.waitFor(PATIENCE_S, TimeUnit.SECONDS)
              && process.exitValue() == 0
              && answer.matches("[0-9 ]+")
          ? Optional.of(answer)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Whether it is the one who may do everything. */
  boolean isRoot() {
    return user == 0;
  }

  /** Whether a file that exists may be read, its folders included. */
  boolean mayRead(Path file) {
    return may(file, READ);
  }

  /** Whether a file may be written, or be made when it does not exist yet, with its folders. */
  boolean mayWrite(Path file) {
    if (Files.exists(file)) {
      return may(file, WRITE);
    }
    Path folder = file.toAbsolutePath().getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    return folder != null && Files.isDirectory(folder) && may(folder, WRITE | ENTER);
  }

  private boolean may(Path path, int what) {
    try {
      Path real = path.toRealPath();
      for (Path folder = real.getParent(); folder != null; folder = folder.getParent()) {
        if (!has(folder, ENTER)) {
          return false;
        }
      }
      return has(real, what);
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private boolean has(Path path, int what) throws IOException {
    if (isRoot()) {
      return true;
    }
    Map<String, Object> unix = Files.readAttributes(path, "unix:uid,gid,mode");
    int mode = (Integer) unix.get("mode");
    int shift = 0;
    if (unix.get("uid").equals(user)) {
      shift = 6;
    } else if (groups.contains((Integer) unix.get("gid"))) {
      shift = 3;
    }
    return ((mode >> shift) & what) == what;
  }
}
