// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.pushserver.spi.Time;

/**
 * How long the sender of a request waits for its answer. Confined to the event loop of the request.
 *
 * @param millis 0 for not at all, negative for as long as it takes
 */
record Patience(long millis) {
  private static final Patience NONE = new Patience(0);
  private static final Patience ENDLESS = new Patience(-1);

  /** The same; who never waits is not asked what else it says. */
  static Patience of(long said, IncomingPush asked) {
    return asked.neverWaits() ? NONE : of(said, asked.waits());
  }

  /**
   * What holds for a request.
   *
   * @param said milliseconds, as the request or the application says; negative when neither does
   * @param otherwise whether it waits then
   */
  static Patience of(long said, boolean otherwise) {
    if (said > 0) {
      return new Patience(said);
    }
    return said < 0 && otherwise ? ENDLESS : NONE;
  }

  /** Whether it does not wait at all. */
  boolean isNone() {
    return millis == 0;
  }

  /**
   * What it is told: what comes of something, or else that this is still to come. Only who waits
   * for a time of his own costs a timer.
   *
   * @param instead is told when the time is over
   */
  <T> Future<T> within(Future<T> end, Time time, Supplier<T> instead) {
    if (millis < 0 || end.isComplete()) {
      return end;
    }
    Promise<T> first = Promise.promise();
    long timer = time.timer(millis, () -> first.tryComplete(instead.get()));
    end.onComplete(
        (result, cause) -> {
          time.cancel(timer);
          if (cause == null) {
            first.tryComplete(result);
          } else {
            first.tryFail(cause);
          }
        });
    return first.future();
  }
}
