// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * A log file, and when to begin another. The files before it have {@code .1}, {@code .2}, … after
 * their name, the latest first.
 *
 * @param path where
 * @param maxSize begins another once it has so many bytes; 0 for never
 * @param maxAge begins another with each period of this length, counted from local midnight; zero
 *     for never
 * @param keep how many files before it are kept, 1 or more
 */
public record LogFile(Path path, long maxSize, Duration maxAge, int keep) {
  public LogFile {
    Objects.requireNonNull(path, "path");
    if (maxSize < 0 || maxAge.isNegative() || keep < 1) {
      throw new IllegalArgumentException(maxSize + " " + maxAge + " " + keep);
    }
  }

  /** One that is never left for another by us. */
  public static LogFile of(Path path) {
    return new LogFile(path, 0, Duration.ZERO, 1);
  }
}
