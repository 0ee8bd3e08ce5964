// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FirstSearchTest {
  private final AtomicInteger inVain = new AtomicInteger();
  private final FirstSearch<String> search = new FirstSearch<>();

  @Test
  void isInVainWhenNobodyListensAnywhere() {
    search.begin(List.of("a", "b"), inVain::incrementAndGet);
    search.refused("a");
    search.refused("a");
    search.refused("c");
    assertEquals(0, inVain.get());
    search.refused("b");
    search.refused("b");
    assertEquals(1, inVain.get());
  }

  @Test
  void isInVainAtOnceWhenThereIsNobodyElse() {
    search.begin(List.of(), inVain::incrementAndGet);
    assertEquals(1, inVain.get());
  }

  @Test
  void beginsAnewEachTime() {
    search.refused("a");
    search.begin(List.of("a"), () -> {});
    search.begin(List.of("a", "b"), inVain::incrementAndGet);
    search.refused("a");
    assertEquals(0, inVain.get());
    search.refused("b");
    assertEquals(1, inVain.get());
  }
}
