// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A time as pages show it: in UTC, for a script to show it in the reader's zone, too. Immutable.
 *
 * @param iso for machines, such as {@code 2026-11-30T10:15:00.123Z}
 * @param utc for people, such as {@code 2026-11-30 10:15:00.123}
 */
record Moment(String iso, String utc) {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  /** Milliseconds since the epoch. */
  static Moment of(long at) {
    Instant instant = Instant.ofEpochMilli(at);
    return new Moment(ISO.format(instant), UTC.format(instant));
  }

  /** How long something took, such as {@code 43 ms}, {@code 2.1 s} or {@code 3 min 20 s}. */
  static String span(long ms) {
    if (ms < SECOND) {
      return ms + " ms";
    }
    if (ms < MINUTE) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }
    if (ms < HOUR) {
      return ms / MINUTE + " min " + ms % MINUTE / SECOND + " s";
    }
    return ms < DAY
        ? ms / HOUR + " h " + ms % HOUR / MINUTE + " min"
        : ms / DAY + " d " + ms % DAY / HOUR + " h";
  }
}
