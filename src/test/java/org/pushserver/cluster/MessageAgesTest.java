// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MessageAgesTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** How far the other one's clock is behind. */
  private static final long BEHIND = -700_000 * SECOND;

  private final MessageAges ages = new MessageAges();

  private boolean isTooOld(long asked, long comes) {
    return ages.isTooOld("n2", asked - BEHIND, comes);
  }

  private void learn(long asked, long answered) {
    ages.learn("n2", asked, answered, asked - BEHIND);
  }

  @Test
  void whatComesLongAfterItWasAskedIsTooOld() {
    learn(10 * SECOND, 10 * SECOND + 1000);
    assertFalse(isTooOld(11 * SECOND, 11 * SECOND));
    assertFalse(isTooOld(11 * SECOND, 13 * SECOND));
    assertTrue(isTooOld(11 * SECOND, 71 * SECOND));
  }

  @Test
  void nothingIsTooOldOfAServerWhoseClockIsNotKnown() {
    assertFalse(isTooOld(0, 100 * SECOND));
    ages.learn("n3", 0, 1, 2);
    assertFalse(isTooOld(0, 100 * SECOND));
  }

  @Test
  void aClockThatStoodStillIsKnownAgainWithItsNextAnswer() {
    learn(0, 1);
    long pause = 20 * SECOND;
    assertTrue(isTooOld(SECOND, SECOND + pause));
    ages.learn("n2", 2 * SECOND + pause, 2 * SECOND + pause + 1, 2 * SECOND - BEHIND);
    assertFalse(isTooOld(3 * SECOND, 3 * SECOND + pause));
  }

  @Test
  void aSlowAnswerSaysNothingOfAClock() {
    learn(0, 1);
    ages.learn("n2", 0, 5 * SECOND, 5 * SECOND - BEHIND);
    assertTrue(isTooOld(10 * SECOND, 15 * SECOND));
  }

  /** The first one, and its answer, were lost: from then on somebody else may be asked. */
  @Test
  void aQuestionThatIsAskedOnceMoreIsAsOldAsTheFirst() {
    learn(0, 1);
    assertEquals(1, ages.asked("n2", SECOND));
    assertEquals(8 * SECOND, ages.asked("n2", 9 * SECOND));
    assertEquals(9 * SECOND, ages.asked("n3", 9 * SECOND));
  }
}
