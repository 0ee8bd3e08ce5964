// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/** The header {@code Retry-After}: seconds, or a date. RFC 9110, section 10.2.3. */
public final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("\\d+");

  /** More digits than that are more than thirty years, whatever they say. */
  private static final int MOST_DIGITS = 9;

  private static final Duration LONGEST = Duration.ofSeconds(999_999_999);

  private RetryAfter() {}

  /**
   * Reads how long to wait.
   *
   * @param value null when there is no such header
   * @param now milliseconds since the epoch
   * @return never negative; 999 999 999 s stands for all that is longer; null when the header says
   *     nothing
   */
  public static Duration parse(String value, long now) {
    if (value == null) {
      return null;
    }
    String text = value.strip();
    if (SECONDS.matcher(text).matches()) {
      return seconds(text.replaceFirst("^0+(?=\\d)", ""));
    }
    // Reads the obsolete forms too, which a recipient must accept; needs at least one character.
    var date = text.isEmpty() ? null : DateFormatter.parseHttpDate(text);
    if (date == null) {
      return null;
    }
    Duration wait = Duration.between(Instant.ofEpochMilli(now), date.toInstant());
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private static Duration seconds(String digits) {
    return digits.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
  }
}
