// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.push.Kind;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/** The values of one section as the types they should have; tells what is wrong with them. */
final class SectionReader {
  /** Nothing is worth waiting longer for: the longest time that FCM keeps a message. */
  private static final Duration LONGEST = Duration.ofDays(28);

  /** More would rather trouble the push service than help. */
  private static final int MOST_CONNECTIONS = 100;

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([kKmMgG]?)");
  private static final long LARGEST = 1L << 40;

  private static final String SECONDS =
      "a number of seconds, more than 0 and at most " + LONGEST.toSeconds();

  private final String file;
  private final String section;
  private final Map<String, String> values;
  private final Consumer<Problem> problems;

  SectionReader(
      String file, String section, Map<String, String> values, Consumer<Problem> problems) {
    this.file = file;
    this.section = section;
    this.values = values;
    this.problems = problems;
  }

  void report(Severity severity, String key, String message) {
    problems.accept(new Problem(severity, file, section, key, message));
  }

  /** A value; empty when it is absent or blank. */
  Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
  }

  /** Whether a key is there and says nothing: no more than commas. */
  boolean isBlank(String key) {
    return values.containsKey(key) && values.get(key).replace(',', ' ').isBlank();
  }

  /** A boolean in one of the spellings of Python's configparser. */
  boolean flag(String key, boolean otherwise) {
    return flag(key, otherwise, Severity.WARNING);
  }

  /**
   * The same.
   *
   * @param wrong how bad it is when it is none of them
   */
  boolean flag(String key, boolean otherwise, Severity wrong) {
    return text(key).map(value -> flag(key, value, otherwise, wrong)).orElse(otherwise);
  }

  private boolean flag(String key, String value, boolean otherwise, Severity wrong) {
    return switch (KeyNames.lower(value)) {
      case "yes", "true", "on", "1" -> true;
      case "no", "false", "off", "0" -> false;
      default -> {
        String instead =
            wrong == Severity.WARNING ? (otherwise ? "yes" : "no") + " is used" : "correct it";
        report(wrong, key, "'" + value + "' is neither yes nor no; " + instead);
        yield otherwise;
      }
    };
  }

  /**
   * One of some words, in any case.
   *
   * @param words the first is the default
   */
  String choice(String key, String... words) {
    String value = text(key).map(KeyNames::lower).orElse(words[0]);
    if (List.of(words).contains(value)) {
      return value;
    }
    reportWrong(
        key, values.get(key), "one of " + String.join(", ", words), words[0], Severity.WARNING);
    return words[0];
  }

  /** A number of bytes such as {@code 100M}, at most 1 TiB; 0 when it is absent. */
  long size(String key) {
    return size(key, 0, 0);
  }

  /**
   * A number of bytes such as {@code 100M}, at most 1 TiB.
   *
   * @param least the smallest that makes sense
   */
  long size(String key, long least, long otherwise) {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    Matcher matcher = SIZE.matcher(value.get());
    if (matcher.matches()) {
      long size = Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
      if (size >= least && size <= LARGEST) {
        return size;
      }
    }
    String expected =
        least == 0
            ? "a number of bytes up to 1024G, such as 100M"
            : "a number of bytes from " + least + " to 1024G, such as 100M";
    reportWrong(key, value.get(), expected, otherwise + "", Severity.WARNING);
    return otherwise;
  }

  private static int shift(String unit) {
    return switch (KeyNames.lower(unit)) {
      case "k" -> 10;
      case "m" -> 20;
      case "g" -> 30;
      default -> 0;
    };
  }

  /**
   * A whole number.
   *
   * @param wrong how bad it is when it is none, or out of the range
   */
  int number(String key, int least, int most, int otherwise, Severity wrong) {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with the numbers that are out of the range.
    }
    reportWrong(
        key, value.get(), "a whole number from " + least + " to " + most, otherwise + "", wrong);
    return otherwise;
  }

  /** A file or folder; relative names start at the directory. */
  Path path(String key, String otherwise, Path directory) {
    try {
      return directory.resolve(text(key).orElse(otherwise)).normalize();
    } catch (InvalidPathException e) {
      report(Severity.FATAL, key, "this is no file name");
      return directory;
    }
  }

  /** A time in seconds, fractions allowed, more than 0 and at most 28 days. */
  Duration seconds(String key, Duration otherwise, Severity wrong) {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    Optional<Duration> time = parseSeconds(value.get());
    if (time.isEmpty()) {
      reportWrong(key, value.get(), SECONDS, seconds(otherwise), wrong);
    }
    return time.orElse(otherwise);
  }

  /** Whether a value is absent or such a time; warns when not. */
  boolean isSecondsOrAbsent(String key) {
    boolean good = text(key).map(value -> parseSeconds(value).isPresent()).orElse(true);
    if (!good) {
      report(Severity.WARNING, key, "'" + values.get(key) + "' is not " + SECONDS + "; ignored");
    }
    return good;
  }

  private static Optional<Duration> parseSeconds(String value) {
    // Few digits: as a plain decimal 1e999999999 would fill the memory.
    if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValue()))
        .filter(time -> !time.isZero() && time.compareTo(LONGEST) <= 0);
  }

  private void reportWrong(
      String key, String value, String expected, String otherwise, Severity wrong) {
    String instead = wrong == Severity.WARNING ? "; " + otherwise + " is used" : "; correct it";
    report(wrong, key, "'" + value + "' is not " + expected + instead);
  }

  /**
   * The keys of {@code [delivery]}, which an application may have, too.
   *
   * @param otherwise what holds for keys that are absent
   */
  Delivery delivery(Delivery otherwise, Severity wrong) {
    return new Delivery(
        seconds("call_deadline", otherwise.callDeadline(), wrong),
        seconds("message_deadline", otherwise.messageDeadline(), wrong),
        seconds("request_timeout", otherwise.requestTimeout(), wrong),
        number("max_queue", 1, Integer.MAX_VALUE, otherwise.maxQueue(), wrong),
        number("max_connections", 1, MOST_CONNECTIONS, otherwise.maxConnections(), wrong),
        text("call_ttl").isEmpty()
            ? otherwise.callTtl()
            : seconds("call_ttl", otherwise.ttl(Kind.RING), wrong),
        secondsOrZero("answer_wait", otherwise.answerWait(), wrong),
        repeatAfter(otherwise.repeatAfter(), wrong));
  }

  private Duration repeatAfter(Duration otherwise, Severity wrong) {
    Duration time = secondsOrZero("repeat_without_ack", otherwise, wrong);
    return time == null || time.isZero() ? null : time;
  }

  /** A time that may be 0. */
  private Duration secondsOrZero(String key, Duration otherwise, Severity wrong) {
    String value = text(key).orElse("");
    if (value.isEmpty()) {
      return otherwise;
    }
    if (value.matches("0{1,9}(\\.0{1,9})?")) {
      return Duration.ZERO;
    }
    Optional<Duration> time = parseSeconds(value);
    if (time.isEmpty()) {
      reportWrong(
          key,
          value,
          "a number of seconds, at most " + LONGEST.toSeconds(),
          otherwise == null ? "none" : seconds(otherwise),
          wrong);
    }
    return time.orElse(otherwise);
  }

  /** A time as it is written in the files: {@code 64} or {@code 0.5}. */
  static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
