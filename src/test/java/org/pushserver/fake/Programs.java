// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The programs of this machine: some tests need one that not every machine has. Any thread. */
public final class Programs {
  private Programs() {}

  /** Ends the process of one: in order, or by force when that takes too long. */
  public static void end(Process process) {
    process.destroy();
    try {
      boolean unused = process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Whether all of these can be run by their names. */
  public static boolean areHere(String... names) {
    return Stream.of(names).allMatch(name -> find(name).isPresent());
  }

  /** Where one is that is run by its name. */
  public static Optional<Path> find(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
