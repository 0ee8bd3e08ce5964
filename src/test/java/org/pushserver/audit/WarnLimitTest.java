// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;

class WarnLimitTest {
  private final ManualTime time = new ManualTime();
  private final List<Long> told = new ArrayList<>();
  private final WarnLimit limit = new WarnLimit(time, told::add);

  private int let(int times) {
    int let = 0;
    for (int i = 0; i < times; i++) {
      let += limit.lets() ? 1 : 0;
    }
    return let;
  }

  @Test
  void inEachMinuteAFewPassAndTheOthersAreCounted() {
    assertEquals(WarnLimit.PER_MINUTE, let(1_000));
    time.advance(Duration.ofSeconds(59));
    assertEquals(0, let(5));
    assertEquals(List.of(), told);
    time.advance(Duration.ofSeconds(1));
    assertEquals(List.of(1_000L), told);
    assertEquals(WarnLimit.PER_MINUTE, let(10));
    time.advance(Duration.ofSeconds(60));
    assertEquals(List.of(1_000L, 5L), told);
    assertEquals(0, time.pending());
  }

  @Test
  void fewOfThemAllPassAndSetNoTimer() {
    for (int i = 0; i < 10; i++) {
      assertEquals(3, let(3));
      assertEquals(0, time.pending());
      time.advance(Duration.ofSeconds(60));
    }
    assertEquals(List.of(), told);
  }

  @Test
  void whatIsLeftIsToldAtTheEnd() {
    assertEquals(WarnLimit.PER_MINUTE, let(7));
    limit.close();
    limit.close();
    assertEquals(List.of(2L), told);
    assertEquals(0, time.pending());
  }
}
