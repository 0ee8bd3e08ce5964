// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.trail.TrailEnd;

/** How times and ends are written and read on a command line. */
final class TrailWords {
  private static final Pattern AGO = Pattern.compile("(\\d{1,9})([smhd])");

  private TrailWords() {}

  /** So long, in at most seven characters. */
  static String duration(long ms) {
    if (ms < 1_000) {
      return Math.max(0, ms) + " ms";
    }
    if (ms < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }
    Duration time = Duration.ofMillis(ms);
    return time.toHours() < 1
        ? time.toMinutes() + ":" + two(time.toSecondsPart()) + " m"
        : time.toHours() + ":" + two(time.toMinutesPart()) + " h";
  }

  private static String two(int number) {
    return (number < 10 ? "0" : "") + number;
  }

  /**
   * A text in the colour of an end.
   *
   * @param end null for what has not ended
   */
  static String coloured(TerminalText text, TrailEnd end, String words) {
    if (end == null) {
      return text.doubtful(words);
    }
    return switch (end) {
      case DELIVERED -> text.good(words);
      case SUPERSEDED -> text.doubtful(words);
      case REFUSED, DEAD_TOKEN, EXPIRED, OVERLOADED, ABANDONED, NOT_LET_IN -> text.bad(words);
    };
  }

  /**
   * An end by its name, such as {@code dead-token}.
   *
   * @throws IllegalArgumentException when there is none
   */
  static TrailEnd end(String word) {
    return TrailEnd.valueOf(word.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /**
   * A time: so long ago, as {@code 90s}, {@code 30m}, {@code 2h}, {@code 3d}; or a date, or date
   * and time in the clock's zone, or either with a zone of its own, as ISO 8601 has them.
   *
   * @return milliseconds since the epoch
   * @throws IllegalArgumentException when it is none
   */
  static long time(String text, Clock clock) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long number = Long.parseLong(ago.group(1));
      Duration back =
          switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      return clock.millis() - back.toMillis();
    }
    try {
      if (text.length() <= 10) {
        return LocalDate.parse(text).atStartOfDay(clock.getZone()).toInstant().toEpochMilli();
      }
      return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
          ? Instant.parse(text).toEpochMilli()
          : LocalDateTime.parse(text.replace(' ', 'T'))
              .atZone(clock.getZone())
              .toInstant()
              .toEpochMilli();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("neither so long ago nor a time", e);
    }
  }
}
