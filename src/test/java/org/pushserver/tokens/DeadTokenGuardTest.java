// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DeadTokenGuardTest {
  private final DeadTokenGuard guard = new DeadTokenGuard();
  private int tokens;

  private boolean unknown() {
    return guard.mayGo(false, "token-" + ++tokens);
  }

  private boolean gone() {
    return guard.mayGo(true, "token-" + ++tokens);
  }

  @Test
  void aTokenThatTheServiceKnewOnceGoes() {
    assertTrue(gone());
    assertTrue(gone());
  }

  @Test
  void beforeAnythingWasDeliveredATokenThatTheServiceNeverKnewStays() {
    assertFalse(unknown());
    assertFalse(guard.isToBeTold(), "one is no reason to worry anybody");
  }

  @Test
  void whileOthersAreDeliveredATokenThatTheServiceNeverKnewGoes() {
    assertFalse(guard.delivered());
    for (int i = 0; i < DeadTokenGuard.ENDS - 1; i++) {
      assertTrue(unknown());
    }
  }

  @Test
  void whenTheLastDeliveryIsLongAgoAndMostAreUnknownNothingGoes() {
    assertFalse(guard.delivered());
    for (int i = 1; i < DeadTokenGuard.ENDS; i++) {
      assertTrue(unknown());
    }
    assertFalse(unknown());
    assertFalse(gone(), "nor what it would believe at another time");
    assertEquals(DeadTokenGuard.ENDS, guard.looked());
  }

  @Test
  void whenMostWereKnownOnceTheOthersGoToo() {
    assertTrue(gone());
    assertTrue(unknown(), "half of them is not most");
    assertFalse(unknown());
  }

  @Test
  void theOperatorIsToldOnceAndThatItIsOver() {
    for (int i = 1; i < DeadTokenGuard.ENOUGH; i++) {
      assertFalse(unknown());
      assertFalse(guard.isToBeTold());
    }
    assertFalse(unknown());
    assertTrue(guard.isToBeTold());
    assertFalse(unknown());
    assertFalse(guard.isToBeTold());
    assertTrue(guard.isTold());
    assertTrue(guard.delivered());
    assertFalse(guard.isTold());
    assertFalse(guard.delivered());
  }

  @Test
  void oneDeviceThatIsPushedAgainAndAgainIsNotMany() {
    for (int i = 0; i < DeadTokenGuard.ENDS; i++) {
      assertFalse(guard.mayGo(false, "the one"));
      assertFalse(guard.isToBeTold());
    }
    assertFalse(guard.delivered(), "nothing was told that could be over");
  }
}
