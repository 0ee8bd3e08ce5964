// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of its own that is soon full, or read-only. Only root can have one. */
public final class SmallDisk implements AutoCloseable {
  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /**
   * Puts one into a folder, which is made when it is not there; leaves the test out where that
   * cannot be done.
   *
   * @param size as mount has it: {@code 3m}
   */
  public static SmallDisk at(Path folder, String size) throws Exception {
    Path path = Files.createDirectories(folder);
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString()),
        "only root may make a small disk");
    return new SmallDisk(path);
  }

  private static boolean run(String... words) throws Exception {
    return Command.of(words).run().code() == 0;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Fills it.
   *
   * @return the file to delete to make room
   */
  public Path fill() throws IOException {
    Path file = path.resolve("filler");
    byte[] block = new byte[4096];
    try (OutputStream filler = Files.newOutputStream(file)) {
      while (true) {
        filler.write(block);
      }
    } catch (IOException e) {
      return file;
    }
  }

  /** Makes it read-only, or no longer. */
  public void makeReadOnly(boolean is) throws Exception {
    if (!run("mount", "-o", is ? "remount,ro" : "remount,rw", path.toString())) {
      throw new AssertionError("it cannot be changed");
    }
  }

  @Override
  public void close() {
    try {
      if (!run("umount", "-l", path.toString())) {
        throw new AssertionError("it cannot be taken away: " + path);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("it was not taken away: " + path, e);
    } catch (Exception e) {
      throw new AssertionError("it was not taken away: " + path, e);
    }
  }
}
