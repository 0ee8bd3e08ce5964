// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Local times to the millisecond. Confined to one thread: it remembers the last second's text. */
final class Stamp {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);

  private final ZoneId zone;
  private long second = Long.MIN_VALUE;
  private String before;
  private String after;

  Stamp(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * Appends a time such as {@code 2026-11-25T19:56:01.042+01:00}.
   *
   * @param millis since the epoch
   */
  void append(long millis, StringBuilder text) {
    long wanted = Math.floorDiv(millis, 1000L);
    if (wanted != second) {
      second = wanted;
      Instant instant = Instant.ofEpochSecond(wanted);
      before = SECOND.withZone(zone).format(instant) + '.';
      after = OFFSET.withZone(zone).format(instant);
    }
    int ms = Math.floorMod(millis, 1000);
    text.append(before)
        .append((char) ('0' + ms / 100))
        .append((char) ('0' + ms / 10 % 10))
        .append((char) ('0' + ms % 10))
        .append(after);
  }
}
