// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.endpoint.Page;

class EditionsTest {
  private final List<Promise<Page>> printing = new ArrayList<>();
  private final Editions editions =
      new Editions(
          () -> {
            Promise<Page> page = Promise.promise();
            printing.add(page);
            return page.future();
          });

  private void print() {
    printing.get(printing.size() - 1).complete(new Page("text/plain", "n"));
  }

  @Test
  void whoComesWhenNobodyReadsGetsANewOne() {
    Editions.Edition first = editions.take();
    print();
    editions.giveBack(first);
    assertNotSame(first, editions.take());
  }

  @Test
  void whileOneIsBeingMadeAllWaitForIt() {
    Editions.Edition first = editions.take();
    assertSame(first, editions.take());
    print();
    assertNotSame(first, editions.take());
  }

  @Test
  void readersWhoDoNotReadHoldTwoAtTheMost() {
    Editions.Edition first = editions.take();
    print();
    Editions.Edition second = editions.take();
    print();
    for (int reader = 0; reader < 1000; reader++) {
      assertSame(second, editions.take());
    }
    assertEquals(2, printing.size());
    editions.giveBack(first);
    assertNotSame(second, editions.take(), "there is room for one again");
  }

  @Test
  void oneThatCouldNotBeMadeIsMadeAgain() {
    Editions.Edition first = editions.take();
    printing.get(0).fail("broken");
    editions.giveBack(first);
    Editions.Edition second = editions.take();
    assertNotSame(first, second);
    editions.giveBack(second);
  }
}
