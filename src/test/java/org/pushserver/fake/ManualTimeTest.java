// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
  private final ManualTime time = new ManualTime();
  private final List<String> ran = new ArrayList<>();

  private void in(long ms, Runnable task) {
    assertTrue(time.timer(ms, task) > 0);
  }

  @Test
  void timersRunInTheirOrderEachAtItsTime() {
    in(20, () -> ran.add("b " + (time.now() - ManualTime.START)));
    in(10, () -> ran.add("a " + (time.now() - ManualTime.START)));
    time.advance(Duration.ofMillis(15));
    assertEquals(List.of("a 10"), ran);
    time.advance(Duration.ofMillis(15));
    assertEquals(List.of("a 10", "b 20"), ran);
    assertEquals(ManualTime.START + 30, time.now());
  }

  @Test
  void aTaskMaySetATimerThatFallsDueOnTheSameWay() {
    in(10, () -> in(10, () -> ran.add("second")));
    time.advance(Duration.ofMillis(20));
    assertEquals(List.of("second"), ran);
  }

  @Test
  void aCancelledTimerNeverRuns() {
    long id = time.timer(10, () -> ran.add("x"));
    time.cancel(id);
    time.advance(Duration.ofMillis(20));
    assertEquals(List.of(), ran);
    assertEquals(0, time.pending());
  }

  @Test
  void aTestCanWaitForATimerToBeSet() {
    Future<Long> set = time.untilTimer(delay -> delay > 100);
    in(50, () -> ran.add("x"));
    assertFalse(set.isComplete());
    in(500, () -> ran.add("y"));
    assertTrue(set.succeeded());
    assertEquals(500, set.result());
  }
}
