// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DemandTest {
  private final Demand demand = new Demand(3);

  private void full(int looks) {
    for (int i = 0; i < looks; i++) {
      boolean unused = demand.look(true);
    }
  }

  private void spare(int minutes) {
    for (int i = 0; i < minutes; i++) {
      demand.review(true);
    }
  }

  @Test
  void itBeginsWithOne() {
    assertEquals(1, demand.wanted());
  }

  @Test
  void fiveFullLooksMakeOneMoreUpToTheMost() {
    full(4);
    assertEquals(1, demand.wanted());
    full(1);
    assertEquals(2, demand.wanted());
    full(4);
    assertEquals(2, demand.wanted());
    full(1);
    assertEquals(3, demand.wanted());
    assertFalse(demand.mayGrow());
    full(50);
    assertEquals(3, demand.wanted());
  }

  @Test
  void aLookThatFindsRoomTakesOneBack() {
    full(4);
    assertTrue(demand.look(false));
    full(1);
    assertEquals(1, demand.wanted());
    full(1);
    assertEquals(2, demand.wanted());
  }

  @Test
  void itLooksNoMoreWhenThereIsRoomAgain() {
    assertTrue(demand.look(true));
    assertFalse(demand.look(false));
    assertFalse(demand.look(false));
  }

  @Test
  void fiveQuietMinutesInARowMakeOneLess() {
    full(10);
    spare(4);
    assertEquals(3, demand.wanted());
    spare(1);
    assertEquals(2, demand.wanted());
    spare(4);
    demand.review(false);
    spare(4);
    assertEquals(2, demand.wanted());
    spare(1);
    assertEquals(1, demand.wanted());
    spare(20);
    assertEquals(1, demand.wanted());
  }

  @Test
  void growingBeginsTheQuietMinutesAnew() {
    full(5);
    spare(4);
    full(5);
    spare(4);
    assertEquals(3, demand.wanted());
  }

  @Test
  void itSettlesForFewerButNeverForNone() {
    full(10);
    demand.settleFor(2);
    assertEquals(2, demand.wanted());
    demand.settleFor(3);
    assertEquals(2, demand.wanted());
    demand.settleFor(0);
    assertEquals(1, demand.wanted());
  }
}
