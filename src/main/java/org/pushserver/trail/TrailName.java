// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The name of a file, which says in UTC when it was begun. Read without the formatter: a folder has
 * hundreds, and a command that starts anew has to read them all. Pure.
 */
final class TrailName {
  /** How each ends. */
  static final String SUFFIX = ".db";

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** A digit where it has 0, and else the same. */
  private static final String FORM = "00000000T000000.000Z" + SUFFIX;

  private static final int NANOS_PER_MS = 1_000_000;

  private TrailName() {}

  /** Of a file begun then, in milliseconds since the epoch. */
  static String of(long begun) {
    return NAME.format(Instant.ofEpochMilli(begun)) + SUFFIX;
  }

  /**
   * When a file was begun, in milliseconds since the epoch; -1 when it is none of ours.
   *
   * @param name may have more behind it
   */
  static long begun(String name) {
    if (name.length() < FORM.length()) {
      return -1;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char c = name.charAt(i);
      if (FORM.charAt(i) == '0' ? c < '0' || c > '9' : c != FORM.charAt(i)) {
        return -1;
      }
    }
    try {
      return LocalDateTime.of(
              number(name, 0, 4),
              number(name, 4, 6),
              number(name, 6, 8),
              number(name, 9, 11),
              number(name, 11, 13),
              number(name, 13, 15),
              number(name, 16, 19) * NANOS_PER_MS)
          .toInstant(ZoneOffset.UTC)
          .toEpochMilli();
    } catch (DateTimeException e) {
      return -1;
    }
  }

  private static int number(String name, int from, int to) {
    return Integer.parseInt(name, from, to, 10);
  }
}
