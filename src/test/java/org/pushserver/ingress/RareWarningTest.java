// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RareWarningTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final RareWarning warning = new RareWarning();

  @Test
  void itIsToldOnceAMinuteAndTheOthersAreCounted() {
    long start = Long.MAX_VALUE - MINUTE / 2;
    assertTrue(warning.isDue(start));
    assertEquals(0, warning.untold());
    assertFalse(warning.isDue(start + 1));
    assertFalse(warning.isDue(start + MINUTE - 1), "although the clock has passed its end");
    assertTrue(warning.isDue(start + MINUTE));
    assertEquals(2, warning.untold());
    assertEquals(0, warning.untold());
  }
}
