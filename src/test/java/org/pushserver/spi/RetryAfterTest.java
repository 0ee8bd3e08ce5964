// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final long NOW = Instant.parse("2026-11-23T08:00:00Z").toEpochMilli();

  @Test
  void itIsANumberOfSeconds() {
    assertEquals(Duration.ofSeconds(125), RetryAfter.parse(" 125 ", NOW));
    assertEquals(Duration.ZERO, RetryAfter.parse("0", NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mon, 23 Nov 2026 08:01:30 GMT",
        "Monday, 23-Nov-26 08:01:30 GMT",
        "Mon Nov 23 08:01:30 2026"
      })
  void itIsADateInOneOfTheThreeFormsOfHttp(String date) {
    assertEquals(Duration.ofSeconds(90), RetryAfter.parse(date, NOW));
  }

  @Test
  void aDateInThePastMeansNow() {
    assertEquals(Duration.ZERO, RetryAfter.parse("Mon, 23 Nov 2026 07:00:00 GMT", NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000000000", "99999999999999999999"})
  void aNumberTooLongToMeanAnythingIsTheLongest(String value) {
    assertEquals(Duration.ofSeconds(999_999_999), RetryAfter.parse(value, NOW));
  }

  @Test
  void zerosInFrontMakeNoNumberLonger() {
    assertEquals(Duration.ofSeconds(7), RetryAfter.parse("00000000000007", NOW));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "-1", "1.5", "soon", "Mon, 99 Nov 2026"})
  void anythingElseSaysNothing(String value) {
    assertNull(RetryAfter.parse(value, NOW));
  }
}
