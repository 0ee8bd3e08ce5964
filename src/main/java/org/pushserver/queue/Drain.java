// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.pushserver.spi.Time;

/**
 * The end of a send queue: it waits until all has ended that was handed in, and ends what is left
 * then. Confined to one event loop.
 */
final class Drain {
  private final Time time;
  private final Executor nextTurn;
  private final IntSupplier size;
  private Promise<Void> drained;
  private boolean abandoning;

  /**
   * @param nextTurn runs a task when the event loop has seen to others
   * @param size how many have not ended
   */
  Drain(Time time, Executor nextTurn, IntSupplier size) {
    this.time = time;
    this.nextTurn = nextTurn;
    this.size = size;
  }

  /**
   * Waits for the end of all.
   *
   * @return completes when none is left; at the latest after the bound
   */
  Future<Void> await(Duration bound) {
    if (size.getAsInt() == 0) {
      return Future.succeededFuture();
    }
    drained = Promise.promise();
    long timer = time.timer(bound.toMillis(), drained::tryComplete);
    return drained.future().onComplete(done -> time.cancel(timer));
  }

  /** To be called when one has ended. */
  void ended() {
    if (drained != null && size.getAsInt() == 0) {
      drained.tryComplete();
    }
  }

  /** Whether what is left is being ended now: nothing of it is to be sent in between. */
  boolean isAbandoning() {
    return abandoning;
  }

  /**
   * Ends what is left.
   *
   * @param left takes out any one; null when none is left
   * @param end ends one
   * @return completes with how many there were
   */
  Future<Integer> abandon(Supplier<Waiting> left, Consumer<Waiting> end) {
    abandoning = true;
    return InTurns.each(left, end, nextTurn).onComplete(done -> abandoning = false);
  }
}
