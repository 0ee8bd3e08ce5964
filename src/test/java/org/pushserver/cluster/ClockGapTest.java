// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.spi.Time;

/** A server that stood still sends nothing before it has asked the others. */
class ClockGapTest {
  /** A clock that goes on while nothing else does. */
  private static final class FrozenTime implements Time {
    private long ms = 1_000;
    private final List<Runnable> timers = new ArrayList<>();

    @Override
    public long now() {
      return ms;
    }

    @Override
    public long nanos() {
      return ms * 1_000_000;
    }

    @Override
    public long timer(long delayMs, Runnable task) {
      timers.add(task);
      return timers.size();
    }

    @Override
    public void cancel(long timerId) {
      throw new UnsupportedOperationException();
    }

    void freeze(long forMs) {
      ms += forMs;
    }

    /** Lets run what is due, once. */
    void goOn() {
      List<Runnable> due = List.copyOf(timers);
      timers.clear();
      due.forEach(Runnable::run);
    }
  }

  private final FrozenTime time = new FrozenTime();
  private int opened;
  private final List<Promise<Void>> asked = new ArrayList<>();
  private final ClockGap gap = new ClockGap(time, this::ask, () -> opened++);

  private Future<Void> ask() {
    Promise<Void> answer = Promise.promise();
    asked.add(answer);
    return answer.future();
  }

  @Test
  void aServerThatIsOnlySlowSendsOn() {
    for (int i = 0; i < 100; i++) {
      time.freeze(ClockGap.LONGEST_MS);
      assertTrue(gap.isOpen());
      time.goOn();
    }
    assertTrue(gap.isOpen());
    assertEquals(0, asked.size());
  }

  @Test
  void anAnswerThatComesAtOnceLetsSendAtOnce() {
    FrozenTime quick = new FrozenTime();
    List<Boolean> seen = new ArrayList<>();
    ClockGap[] own = new ClockGap[1];
    own[0] = new ClockGap(quick, Future::succeededFuture, () -> seen.add(own[0].isOpen()));
    quick.freeze(ClockGap.LONGEST_MS + 1);
    quick.goOn();
    assertEquals(List.of(true), seen);
  }

  @Test
  void afterAGapNothingIsSentBeforeTheOthersHaveAnswered() {
    time.freeze(ClockGap.LONGEST_MS + 1);
    assertFalse(gap.isOpen(), "before anything else has noticed it");
    time.goOn();
    assertFalse(gap.isOpen());
    assertEquals(1, asked.size());
    time.goOn();
    assertFalse(gap.isOpen());
    assertEquals(0, opened);
    asked.get(0).complete();
    assertTrue(gap.isOpen());
    assertEquals(1, opened);
  }

  @Test
  void theyAreAskedAgainWhenNobodyAnsweredOrItStoodStillOnceMore() {
    time.freeze(ClockGap.LONGEST_MS + 1);
    time.goOn();
    asked.get(0).fail("nobody answered");
    assertFalse(gap.isOpen());
    time.goOn();
    assertEquals(2, asked.size());
    time.freeze(ClockGap.LONGEST_MS + 1);
    time.goOn();
    asked.get(1).complete();
    assertFalse(gap.isOpen(), "answered before the second gap");
    time.goOn();
    asked.get(2).complete();
    assertTrue(gap.isOpen());
  }
}
