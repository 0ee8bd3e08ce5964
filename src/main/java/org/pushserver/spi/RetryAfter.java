// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** The header {@code Retry-After}: seconds, or a date. RFC 9110, section 10.2.3. */
public final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private RetryAfter() {}

  /**
   * Reads how long to wait.
   *
   * @param value null when there is no such header
   * @param now milliseconds since the epoch
   * @return never negative; null when the header says nothing
   */
  public static Duration parse(String value, long now) {
    if (value == null) {
      return null;
    }
    String text = value.strip();
    if (SECONDS.matcher(text).matches()) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      Duration wait = Duration.between(Instant.ofEpochMilli(now), until);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
