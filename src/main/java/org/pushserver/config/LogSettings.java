// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.pushserver.spi.Problem.Severity;

/**
 * The keys of {@code [server]} that begin with {@code log_}, and {@code debug}: what is logged and
 * where to.
 *
 * @param debug whether to log headers and bodies, too
 * @param json whether lines are JSON instead of text
 * @param journal whether to log to systemd's journal, with fields
 * @param toFile whether to log to {@code file} as well
 * @param file where to
 * @param maxSize in bytes, from which on another file is begun; 0 for never
 * @param maxAge how long a file is written to before another is begun; zero for always
 * @param keep how many files before it are kept, 1 or more
 */
public record LogSettings(
    boolean debug,
    boolean json,
    Journal journal,
    boolean toFile,
    Path file,
    long maxSize,
    Duration maxAge,
    int keep) {
  private static final int DEFAULT_KEEP = 7;

  /** When to log to the journal. */
  public enum Journal {
    /** When standard output goes there: its place is then taken by entries with fields. */
    AUTO,
    YES,
    NO
  }

  public LogSettings {
    Objects.requireNonNull(journal, "journal");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(maxAge, "maxAge");
    if (maxSize < 0 || keep < 1) {
      throw new IllegalArgumentException("maxSize: " + maxSize + ", keep: " + keep);
    }
  }

  /**
   * Reads the keys.
   *
   * @param file {@code log_file}
   */
  static LogSettings read(SectionReader in, Path file, boolean debug) {
    return new LogSettings(
        in.flag("debug", false) || debug,
        in.choice("log_format", "text", "json").equals("json"),
        journal(in),
        in.flag("log_to_file", false),
        file,
        in.size("log_file_max_size"),
        in.seconds("log_file_max_age", Duration.ZERO, Severity.WARNING),
        in.number("log_file_keep", 1, 1000, DEFAULT_KEEP, Severity.WARNING));
  }

  private static Journal journal(SectionReader in) {
    if (in.text("log_journal").orElse("auto").equalsIgnoreCase("auto")) {
      return Journal.AUTO;
    }
    return in.flag("log_journal", false) ? Journal.YES : Journal.NO;
  }
}
