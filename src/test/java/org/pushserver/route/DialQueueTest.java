// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.Await;
import org.pushserver.fake.ManualTime;
import org.pushserver.spi.Time;

class DialQueueTest {
  private static final int MOST = DialQueue.AT_A_TIME;

  private final ManualTime time = new ManualTime();
  private final DialQueue dialQueue = new DialQueue();
  private final List<Integer> begun = new ArrayList<>();

  /** By which timers come late. */
  private long stalledNanos;

  private final Time late =
      new Time() {
        @Override
        public long now() {
          return time.now();
        }

        @Override
        public long nanos() {
          return time.nanos() + stalledNanos;
        }

        @Override
        public long timer(long delayMs, Runnable task) {
          return time.timer(delayMs, task);
        }

        @Override
        public void cancel(long timerId) {
          time.cancel(timerId);
        }
      };

  @CanIgnoreReturnValue
  private List<DialQueue.Turn> enter(int count) {
    List<DialQueue.Turn> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      DialQueue.Turn turn = dialQueue.turn(late, () -> begun.add(number));
      turns.add(turn);
      turn.enter();
    }
    return turns;
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void fewAreBegunAtOnceAndLeaveNoTimer() {
    enter(MOST);
    assertEquals(numbers(MOST), begun);
    assertEquals(0, time.pending());
  }

  @Test
  void ofManyTheNextBeginsWhenOneIsOverInTheOrderInWhichTheyCame() {
    List<DialQueue.Turn> turns = enter(MOST + 3);
    assertEquals(numbers(MOST), begun);
    turns.get(5).over();
    assertEquals(numbers(MOST + 1), begun);
    turns.get(0).over();
    turns.get(1).over();
    assertEquals(numbers(MOST + 3), begun);
  }

  @Test
  void thoseForWhichACallWaitsComeFirst() {
    List<DialQueue.Turn> turns = enter(MOST + 5);
    turns.get(MOST + 4).hurry();
    turns.get(MOST + 2).hurry();
    turns.get(MOST + 2).hurry();
    turns.get(0).hurry();
    for (int i = 0; i < 5; i++) {
      turns.get(i).over();
    }
    assertEquals(
        List.of(MOST + 4, MOST + 2, MOST, MOST + 1, MOST + 3), begun.subList(MOST, begun.size()));
  }

  @Test
  void whoseTurnIsOverBeforeItCameIsNotBegun() {
    List<DialQueue.Turn> turns = enter(MOST + 3);
    turns.get(MOST).over();
    turns.get(MOST + 1).hurry();
    turns.get(MOST + 1).over();
    turns.get(0).over();
    assertEquals(List.of(MOST + 2), begun.subList(MOST, begun.size()));
  }

  @Test
  void thoseThatCannotBeReachedHoldNobodyUpForLong() {
    List<DialQueue.Turn> turns = enter(3 * MOST);
    pass(DialQueue.LONGEST_MS);
    assertEquals(MOST, begun.size());
    pass(1);
    assertEquals(numbers(2 * MOST), begun);
    // What ends late gives nobody a place that it has not got any more.
    turns.get(0).over();
    assertEquals(2 * MOST, begun.size());
    pass(DialQueue.LONGEST_MS + 1);
    assertEquals(numbers(3 * MOST), begun);
    assertEquals(0, time.pending());
  }

  @Test
  void thoseThatFailAtOnceAreNoneTheLess() {
    List<DialQueue.Turn> turns = new ArrayList<>();
    List<DialQueue.Turn> first = enter(MOST);
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      DialQueue.Turn turn =
          dialQueue.turn(
              late,
              () -> {
                begun.add(number);
                turns.get(number).over();
              });
      turns.add(turn);
      turn.enter();
    }
    first.get(0).over();
    assertEquals(MOST + 10_000, begun.size());
  }

  @Test
  void anEventLoopWithTooMuchToDoIsGivenNoMore() {
    enter(2 * MOST);
    stalledNanos = TimeUnit.MILLISECONDS.toNanos(100);
    pass(DialQueue.LONGEST_MS + 1);
    assertEquals(MOST, begun.size());
    pass(DialQueue.LONGEST_MS + 1);
    assertEquals(2 * MOST, begun.size());
  }

  @Test
  void eachIsBegunAsItsOwnApplicationWhoeverMakesRoom() {
    VertxInternal vertx = (VertxInternal) Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      ContextInternal one = vertx.createEventLoopContext();
      ContextInternal other = vertx.createEventLoopContext();
      Promise<ContextInternal> begunBy = Promise.promise();
      one.runOnContext(
          go -> {
            List<DialQueue.Turn> turns = enter(MOST);
            other.runOnContext(
                then -> {
                  dialQueue.turn(late, () -> begunBy.complete(ContextInternal.current())).enter();
                  one.runOnContext(last -> turns.get(0).over());
                });
          });
      assertSame(other, Await.await(begunBy.future()));
    } finally {
      Await.await(vertx.close());
    }
  }

  private void pass(long ms) {
    var unused = time.advance(Duration.ofMillis(ms));
  }
}
