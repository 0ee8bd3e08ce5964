// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EnvironmentWatchTest {
  private final EnvironmentWatch watch = new EnvironmentWatch();

  /** How many bursts begin with such answers. */
  private int begins(int answers, boolean bad) {
    int begun = 0;
    for (int i = 0; i < answers; i++) {
      begun += watch.begins(bad) ? 1 : 0;
    }
    return begun;
  }

  @Test
  void aBurstBeginsWhenMoreThanHalfOfTheLastFiftyAreBad() {
    assertEquals(0, begins(25, true));
    assertTrue(watch.begins(true));
  }

  @Test
  void halfOfThemAreNone() {
    for (int i = 0; i < 500; i++) {
      assertFalse(watch.begins(i % 2 == 0));
    }
  }

  @Test
  void aBurstIsToldOnceHoweverLongItLasts() {
    assertEquals(1, begins(10_000, true));
  }

  @Test
  void wavesAroundTheHalfAreOneBurst() {
    int begun = begins(26, true);
    for (int i = 0; i < 100; i++) {
      begun += begins(20, false) + begins(20, true);
    }
    assertEquals(1, begun);
  }

  @Test
  void theNextBurstIsToldAgain() {
    assertEquals(1, begins(50, true));
    assertEquals(0, begins(50, false));
    assertEquals(1, begins(50, true));
  }

  @Test
  void whatIsLongerAgoThanFiftyAnswersIsForgotten() {
    for (int i = 0; i < 20; i++) {
      assertEquals(0, begins(20, true));
      assertEquals(0, begins(50, false));
    }
  }
}
