// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The pace of long work on an event loop: so much of it in one turn; then it is the others' turn.
 */
final class InTurns {
  /** So many pushes in one turn. */
  static final int AT_A_TIME = 64;

  private InTurns() {}

  /**
   * Does something with each of many.
   *
   * @param next gives another one; null when there is none
   * @param nextTurn runs a task when the event loop has seen to others
   * @return completes with how many there were
   */
  static <T> Future<Integer> each(Supplier<T> next, Consumer<T> action, Executor nextTurn) {
    Promise<Integer> done = Promise.promise();
    some(next, action, nextTurn, 0, done);
    return done.future();
  }

  /** As above, of those that an iterator gives. */
  static <T> Future<Void> each(Iterator<T> all, Consumer<T> action, Executor nextTurn) {
    return InTurns.<T>each(() -> all.hasNext() ? all.next() : null, action, nextTurn).mapEmpty();
  }

  private static <T> void some(
      Supplier<T> next, Consumer<T> action, Executor nextTurn, int before, Promise<Integer> done) {
    int count = before;
    for (int most = before + AT_A_TIME; count < most; count++) {
      T one = next.get();
      if (one == null) {
        done.complete(count);
        return;
      }
      action.accept(one);
    }
    int sofar = count;
    nextTurn.execute(() -> some(next, action, nextTurn, sofar, done));
  }
}
