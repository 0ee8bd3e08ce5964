// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RepeatDetectorTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final RepeatDetector repeats = new RepeatDetector();

  @Test
  void theFirstTimeIsNoRepetitionOnWhateverConnection() {
    assertFalse(repeats.cameBack(3, 4, 0));
    assertFalse(repeats.cameBack(3, 4, 0), "in flight on the same connection");
    assertFalse(repeats.cameBack(4, 4, 0), "in flight on another of that time");
  }

  @Test
  void onAConnectionThatWasMadeLaterItIs() {
    assertFalse(repeats.cameBack(1, 1, 0));
    assertTrue(repeats.cameBack(2, 2, MINUTE));
    assertFalse(repeats.cameBack(2, 2, MINUTE), "told once");
    assertTrue(repeats.cameBack(3, 3, MINUTE));
  }

  @Test
  void afterTwentyMinutesItIsAnotherTrouble() {
    assertFalse(repeats.cameBack(1, 1, 0));
    assertFalse(repeats.cameBack(2, 2, 20 * MINUTE));
    assertTrue(repeats.cameBack(3, 3, 40 * MINUTE - 1));
  }
}
