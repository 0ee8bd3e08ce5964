// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
  private static final long AGES = Duration.ofDays(1).toMillis();

  /** Draws the same number from [0, 1) each time: one half is no jitter. */
  private record Always(double value) implements RandomGenerator {
    @Override
    public long nextLong() {
      return (long) (value * (1L << 53)) << 11;
    }
  }

  private static long delay(int failures, double draw) {
    return Backoff.delay(failures, null, AGES, new Always(draw)).orElseThrow();
  }

  private static OptionalLong asked(Duration asked, long remainingMs) {
    return Backoff.delay(1, asked, remainingMs, new Always(0.5));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 500",
    "2, 1000",
    "3, 2000",
    "4, 4000",
    "5, 8000",
    "6, 16000",
    "7, 32000",
    "8, 60000",
    "9, 60000",
    "64, 60000",
    "2147483647, 60000",
  })
  void itDoublesWithEachAttemptUpToAMinute(int failures, long delay) {
    assertEquals(delay, delay(failures, 0.5));
    assertEquals(delay * 8 / 10, delay(failures, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8, 100})
  void jitterStaysWithinAFifth(int failures) {
    long middle = delay(failures, 0.5);
    long least = Long.MAX_VALUE;
    long most = 0;
    RandomGenerator random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      long delay = Backoff.delay(failures, null, AGES, random).orElseThrow();
      least = Math.min(least, delay);
      most = Math.max(most, delay);
    }
    assertTrue(least >= middle * 8 / 10 && least < middle * 81 / 100, "least: " + least);
    assertTrue(most <= middle * 12 / 10 && most > middle * 119 / 100, "most: " + most);
  }

  @Test
  void whatTheServiceAsksForTakesThePlaceOfOurs() {
    assertEquals(OptionalLong.of(1), asked(Duration.ofMillis(1), AGES));
    assertEquals(OptionalLong.of(3_600_000), asked(Duration.ofHours(1), AGES));
  }

  @Test
  void aServiceThatAsksForNoPauseGetsOurs() {
    assertEquals(OptionalLong.of(500), asked(Duration.ZERO, AGES));
    assertEquals(OptionalLong.of(500), asked(Duration.ofSeconds(-3), AGES));
  }

  @ParameterizedTest
  @CsvSource({"501, true", "500, false", "499, false", "1, false", "0, false"})
  void itStopsWhenTheNextAttemptWouldNotComeBeforeTheDeadline(long remainingMs, boolean again) {
    assertEquals(
        again, Backoff.delay(1, null, remainingMs, new Always(0.5)).isPresent(), "our own delay");
    assertEquals(again, asked(Duration.ofMillis(500), remainingMs).isPresent(), "asked for");
  }

  @ParameterizedTest
  @CsvSource({"64000, 32000", "63998, 31999", "32000, 16000", "16000, 8000", "1000, 500"})
  void towardsTheDeadlineOurOwnPausesHalveSoThatTheTimeLeftIsUsed(long remainingMs, long delay) {
    assertEquals(OptionalLong.of(delay), Backoff.delay(7, null, remainingMs, new Always(0.5)));
    assertEquals(OptionalLong.empty(), asked(Duration.ofSeconds(70), remainingMs), "asked for");
  }

  @Test
  void aPauseBeyondAllNumbersIsJustTooLong() {
    assertEquals(OptionalLong.empty(), asked(Duration.ofSeconds(Long.MAX_VALUE), AGES));
  }
}
