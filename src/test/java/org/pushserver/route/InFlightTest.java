// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;

class InFlightTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ManualTime time = new ManualTime();
  private final List<Exchange> expired = new ArrayList<>();
  private final InFlight inFlight = new InFlight(time, LIMIT, this::expire);
  private int repeats;

  private Exchange begin() {
    Exchange exchange = new Exchange(time.nanos());
    inFlight.begin(exchange);
    return exchange;
  }

  private void expire(Exchange exchange) {
    assertTrue(inFlight.end(exchange));
    assertFalse(inFlight.end(exchange));
    expired.add(exchange);
    if (repeats > 0) {
      repeats--;
      Exchange unused = begin();
    }
  }

  @Test
  void eachExpiresAtItsOwnTime() {
    Exchange first = begin();
    time.advance(Duration.ofSeconds(4));
    Exchange second = begin();
    assertEquals(1, time.pending());
    time.advance(Duration.ofSeconds(6));
    assertEquals(List.of(first), expired);
    time.advance(Duration.ofMillis(4001));
    assertEquals(List.of(first, second), expired);
    assertEquals(0, time.pending());
  }

  @Test
  void aRequestThatBeginsWhenAnotherExpiresSetsNoTimerOfItsOwn() {
    repeats = 3;
    Exchange unused = begin();
    for (int i = 1; i <= 3; i++) {
      time.advance(LIMIT.plusMillis(1));
      assertEquals(i, expired.size());
      assertEquals(1, time.pending());
    }
    time.advance(LIMIT.plusMillis(1));
    assertEquals(0, time.pending());
  }

  @Test
  void nothingIsOwedWhenEachHasItsAnswer() {
    Exchange exchange = begin();
    assertFalse(inFlight.owesNothing());
    assertTrue(inFlight.end(exchange));
    assertTrue(inFlight.owesNothing());
  }

  @Test
  void whatWasGivenUpIsOwedForEver() {
    inFlight.giveUp(begin());
    assertEquals(0, inFlight.size());
    assertFalse(inFlight.owesNothing());
  }

  @Test
  void closingLeavesNoTimerAndTellsWhatHasYetToEnd() {
    Exchange first = begin();
    Exchange second = begin();
    assertEquals(List.of(first, second), inFlight.close());
    assertEquals(0, time.pending());
  }
}
