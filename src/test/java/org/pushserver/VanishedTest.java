// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;

class VanishedTest {
  private static final String GONE = "applications [a] are";

  private final ManualTime time = new ManualTime(0);
  private final Vanished vanished = new Vanished(time, Vanished.PATIENCE);

  private boolean isBelieved(String what, String... says) {
    return vanished.isBelieved(what, Set.of(says), false);
  }

  private void pass(int seconds) {
    time.advance(Duration.ofSeconds(seconds));
  }

  @Test
  void whatHasGoneIsBelievedOnceItHasBeenSoForAWhile() {
    assertFalse(isBelieved(GONE, "b"));
    assertEquals(15_000, vanished.lookAgainAfter());
    pass(14);
    assertFalse(isBelieved(GONE, "b"));
    assertEquals(1_000, vanished.lookAgainAfter());
    pass(1);
    assertTrue(isBelieved(GONE, "b"));
    assertEquals(0, vanished.lookAgainAfter());
  }

  @Test
  void aFileThatGrowsIsWaitedFor() {
    assertFalse(isBelieved(GONE, "b"));
    pass(14);
    assertFalse(isBelieved(GONE, "b", "c"));
    pass(14);
    assertFalse(isBelieved(GONE, "b", "c"));
    pass(1);
    assertTrue(isBelieved(GONE, "b", "c"));
  }

  @Test
  void whatIsThereAgainHasNeverGone() {
    assertFalse(isBelieved(GONE, "b"));
    pass(10);
    assertTrue(isBelieved("", "a", "b"));
    assertEquals(0, vanished.lookAgainAfter());
    pass(10);
    assertFalse(isBelieved(GONE, "b"));
  }

  @Test
  void whoAsksIsBelieved() {
    assertTrue(vanished.isBelieved(GONE, Set.of("b"), true));
    assertEquals(0, vanished.lookAgainAfter());
  }
}
