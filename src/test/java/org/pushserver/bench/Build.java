// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A version of the server.
 *
 * @param name in the results
 * @param launcher its bin/pushserver
 */
record Build(String name, Path launcher) {
  /** How its results are called. */
  static final String OURS = "pushserver";

  /** How those of the other one are called. */
  static final String BASELINE = "baseline";

  private static final int ARCHIVE_LIMIT_MINUTES = 2;
  private static final Path LAUNCHER = Path.of("bin", "pushserver");
  private static final Path JAVA_LIB = Path.of("bin", "lib", "java.sh");

  /** The one of this checkout, which is the working directory. */
  static Build ours() {
    return new Build(OURS, LAUNCHER.toAbsolutePath());
  }

  /**
   * Another one.
   *
   * @param other a jar, which is run with our launcher; or a checkout with one in target
   * @param dir where it may be installed
   */
  static Build baseline(Path other, Path dir) throws IOException, InterruptedException {
    if (Files.isDirectory(other)) {
      return new Build(BASELINE, other.resolve(LAUNCHER).toAbsolutePath());
    }
    Path root = dir.resolve("baseline-build");
    Path launcher = root.resolve(LAUNCHER);
    Files.createDirectories(root.resolve(JAVA_LIB).getParent());
    Files.createDirectories(root.resolve("lib"));
    Files.copy(LAUNCHER, launcher);
    Files.copy(JAVA_LIB, root.resolve(JAVA_LIB));
    Files.copy(other, root.resolve("lib/pushserver.jar"));
    // Ours has its archive of classes, too.
    try (Child child =
        Child.start("archive", dir, Map.of(), List.of(launcher.toString(), "archive"))) {
      if (!child.process().waitFor(ARCHIVE_LIMIT_MINUTES, TimeUnit.MINUTES)
          || child.process().exitValue() != 0) {
        throw new BenchException("the baseline has no archive of classes:\n" + child.lastWords());
      }
    }
    return new Build(BASELINE, launcher);
  }
}
