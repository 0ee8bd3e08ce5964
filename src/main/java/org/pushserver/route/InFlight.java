// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pushserver.spi.Time;

/**
 * The requests in flight on one connection, in the order in which they began. A single timer
 * watches over their answers: all may take equally long, so the oldest request is always the next
 * to run out of time. Event loop only.
 */
final class InFlight {
  private static final long NONE = -1;

  /** In place of a timer while one has just run out: whoever begins meanwhile need not set one. */
  private static final long CHECKING = -2;

  private final Time time;
  private final long limit;
  private final Consumer<Exchange> expired;
  private final Set<Exchange> all = new LinkedHashSet<>();
  private long timer = NONE;
  private boolean gaveUp;

  /**
   * @param limit for one answer
   * @param expired takes an exchange whose time is up, and ends it or gives it up
   */
  InFlight(Time time, Duration limit, Consumer<Exchange> expired) {
    this.time = time;
    this.limit = limit.toNanos();
    this.expired = expired;
  }

  int size() {
    return all.size();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** When the oldest began, of {@link Time#nanos}. Only when there is one. */
  long oldestAt() {
    return all.iterator().next().startedAt();
  }

  /** How long one answer may take, in nanoseconds. */
  long limit() {
    return limit;
  }

  void begin(Exchange exchange) {
    all.add(exchange);
    if (timer == NONE) {
      timer = time.timer(TimeUnit.NANOSECONDS.toMillis(limit), this::check);
    }
  }

  /**
   * An exchange is over.
   *
   * @return false when it was before
   */
  boolean end(Exchange exchange) {
    return all.remove(exchange);
  }

  /** An exchange is over for us, though the peer may go on with it. */
  void giveUp(Exchange exchange) {
    gaveUp = true;
    all.remove(exchange);
  }

  /** Whether each request that was ever begun has had its answer. */
  boolean owesNothing() {
    return !gaveUp && all.isEmpty();
  }

  /**
   * There will be no more exchanges, and no more answers.
   *
   * @return those that have yet to end
   */
  List<Exchange> close() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
    return List.copyOf(all);
  }

  private void check() {
    timer = CHECKING;
    long left = 0;
    while (!all.isEmpty() && left <= 0) {
      Exchange oldest = all.iterator().next();
      left = limit - (time.nanos() - oldest.startedAt());
      if (left <= 0) {
        expired.accept(oldest);
      }
    }
    // Rounded up: a timer that comes a moment early would only be set again.
    timer = left > 0 ? time.timer(TimeUnit.NANOSECONDS.toMillis(left) + 1, this::check) : NONE;
  }
}
