// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.util.Objects;
import org.pushserver.spi.Problem.Severity;

/**
 * Whether a record of each push is kept, and where.
 *
 * @param stateFolder where the server keeps what it must remember
 * @param isOn whether records are kept
 * @param days for so long
 * @param maxSize in so many bytes at the most
 * @param sample of so many delivered pushes one is kept; 1 for all
 */
public record TrailSettings(Path stateFolder, boolean isOn, int days, long maxSize, int sample) {
  private static final String DEFAULT_FOLDER = "/var/lib/pushserver";
  private static final int DEFAULT_DAYS = 30;
  private static final long GIB = 1L << 30;
  private static final long LEAST_SIZE = 10L << 20;

  /** Nothing is kept. */
  public static final TrailSettings OFF =
      new TrailSettings(Path.of(DEFAULT_FOLDER), false, DEFAULT_DAYS, 10 * GIB, 1);

  public TrailSettings {
    Objects.requireNonNull(stateFolder, "stateFolder");
    if (days < 1 || maxSize < 1 || sample < 1) {
      throw new IllegalArgumentException("days, maxSize and sample are 1 or more");
    }
  }

  /**
   * Reads the keys.
   *
   * @param directory where relative names begin
   */
  static TrailSettings read(SectionReader in, Path directory) {
    return new TrailSettings(
        in.path("state_dir", DEFAULT_FOLDER, directory),
        in.flag("trail", false),
        in.number("trail_days", 1, 36_500, DEFAULT_DAYS, Severity.WARNING),
        in.size("trail_max_size", LEAST_SIZE, OFF.maxSize()),
        in.number("trail_sample", 1, 1_000_000, 1, Severity.WARNING));
  }

  /** Where the records are. */
  public Path folder() {
    return stateFolder.resolve("trail");
  }
}
