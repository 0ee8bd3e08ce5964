// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.pushserver.spi.Problem.Severity;

/**
 * Whether what was accepted is kept on disk until its end, and where.
 *
 * @param isOn whether it is
 * @param after how long a push waits whose client waits before it is kept, too
 * @param folder where it is
 */
public record SpoolSettings(boolean isOn, Duration after, Path folder) {
  private static final Duration DEFAULT_AFTER = Duration.ofSeconds(1);

  /** Nothing is kept. */
  public static final SpoolSettings OFF =
      new SpoolSettings(false, DEFAULT_AFTER, TrailSettings.OFF.stateFolder().resolve("spool"));

  public SpoolSettings {
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(folder, "folder");
  }

  /**
   * Reads the keys.
   *
   * @param stateFolder where the server keeps what it must remember
   */
  static SpoolSettings read(SectionReader in, Path stateFolder) {
    return new SpoolSettings(
        in.flag("spool", false),
        in.seconds("spool_after", DEFAULT_AFTER, Severity.WARNING),
        stateFolder.resolve("spool"));
  }
}
