// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.spi.Time;

/**
 * The end of a send queue: it waits until all has ended that was handed in, and ends what is left
 * then, or leaves it to another process. Confined to one event loop.
 */
final class Drain {
  private final Time time;
  private final Executor nextTurn;
  private final IntSupplier size;
  private final Pending pending;
  private final Keeping keeping;
  private final Endings endings;
  private Promise<Void> drained;
  private boolean abandoning;
  private int leftBehind;

  /**
   * @param nextTurn runs a task when the event loop has seen to others
   * @param size how many have not ended, or whose end is not told yet
   */
  Drain(
      Time time,
      Executor nextTurn,
      IntSupplier size,
      Pending pending,
      Keeping keeping,
      Endings endings) {
    this.time = time;
    this.nextTurn = nextTurn;
    this.size = size;
    this.pending = pending;
    this.keeping = keeping;
    this.endings = endings;
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
   * Ends everything that is left, but for what its store keeps for another process.
   *
   * @return completes with how many there were
   */
  Future<Integer> giveUp(Response response) {
    return abandon(pending::pollAny, left -> leave(left, response))
        .compose(count -> keeping.settled().map(count));
  }

  private void leave(Waiting left, Response response) {
    if (keeping.stays(left)) {
      leftBehind++;
      endings.leave(left, response);
    } else {
      endings.end(left, Result.ABANDONED, response);
    }
  }

  /**
   * Ends what waits and is not with the push service.
   *
   * @return completes with how many there were
   */
  Future<Integer> abandonWaiting(Response response) {
    return abandon(pending::pollWaiting, left -> endings.end(left, Result.ABANDONED, response));
  }

  private Future<Integer> abandon(Supplier<Waiting> left, Consumer<Waiting> each) {
    abandoning = true;
    return InTurns.each(left, each, nextTurn)
        .onComplete(
            done -> {
              abandoning = false;
              pending.rest();
            });
  }

  /** How many stay where their store has them. */
  int leftBehind() {
    return leftBehind;
  }
}
