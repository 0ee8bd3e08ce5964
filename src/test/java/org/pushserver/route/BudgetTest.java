// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final int LIMIT = 1_000_000;
  private static final int NO_BOUND = Integer.MAX_VALUE;

  private final Budget budget = new Budget(LIMIT);

  private void assertUnknown() {
    assertEquals(LIMIT, budget.replaceAfter());
    assertEquals(NO_BOUND, budget.most());
  }

  @Test
  void aConnectionMayCarryAllUntilTwoHaveEndedAlike() {
    assertUnknown();
    budget.closedAfter(100);
    assertUnknown();
    budget.closedAfter(100);
    assertEquals(100, budget.most());
    assertEquals(50, budget.replaceAfter());
  }

  @Test
  void ofTwoThatAreAboutTheSameTheSmallerCounts() {
    budget.closedAfter(100);
    budget.closedAfter(95);
    assertEquals(95, budget.most());
  }

  @Test
  void connectionsThatEndAsItHappensSayNothing() {
    budget.closedAfter(100);
    budget.closedAfter(2000);
    assertUnknown();
    budget.closedAfter(3);
    budget.closedAfter(3);
    assertUnknown();
  }

  @Test
  void aPeerThatTakesLessSetsANewMeasure() {
    budget.closedAfter(1000);
    budget.closedAfter(1000);
    budget.closedAfter(100);
    assertUnknown();
    budget.closedAfter(100);
    assertEquals(100, budget.most());
  }

  @Test
  void nowAndThenAConnectionIsGivenMore() {
    budget.closedAfter(100);
    budget.closedAfter(100);
    for (int i = 0; i < 7; i++) {
      budget.kept();
    }
    assertEquals(100, budget.most());
    budget.kept();
    assertEquals(125, budget.most());
    budget.closedAfter(100);
    assertEquals(100, budget.most());
  }

  @Test
  void withoutAMeasureNothingGrows() {
    for (int i = 0; i < 100; i++) {
      budget.kept();
    }
    assertUnknown();
  }

  @Test
  void theLimitHoldsWhateverThePeerTakes() {
    budget.closedAfter(10 * LIMIT);
    budget.closedAfter(10 * LIMIT);
    assertEquals(LIMIT, budget.replaceAfter());
  }
}
