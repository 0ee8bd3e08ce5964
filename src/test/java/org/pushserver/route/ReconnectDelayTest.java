// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReconnectDelayTest {
  @Test
  void itDoublesFromHalfASecondToThirtySeconds() {
    ReconnectDelay delay = new ReconnectDelay(() -> 0.5);
    assertEquals(
        List.of(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L),
        LongStream.generate(delay::next).limit(8).boxed().toList());
  }

  @Test
  void itIsSpreadByAFifthToBothSides() {
    assertEquals(
        List.of(400L, 600L),
        Stream.of(0.0, 1.0).map(random -> new ReconnectDelay(() -> random).next()).toList());
  }

  @Test
  void itBeginsAgainAfterAConnectionThatWorked() {
    ReconnectDelay delay = new ReconnectDelay(() -> 0.5);
    assertEquals(1500, delay.next() + delay.next());
    delay.reset();
    assertEquals(500, delay.next());
  }
}
