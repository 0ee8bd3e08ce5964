// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pushserver.spi.Time;

/**
 * Watches over the answers of one connection with a single timer: all may take equally long, so the
 * oldest request is always the next to run out of time.
 */
final class AnswerTimer {
  private static final long NONE = -1;

  /** In place of a timer while one has just run out: whoever arms it meanwhile need not. */
  private static final long CHECKING = -2;

  private final Time time;
  private final long limit;
  private final Set<Exchange> inFlight;
  private final Consumer<Exchange> expired;
  private long timer = NONE;

  /**
   * @param inFlight in the order in which they began; the owner adds and removes
   * @param expired takes an exchange whose time is up, and removes it
   */
  AnswerTimer(Time time, Duration limit, Set<Exchange> inFlight, Consumer<Exchange> expired) {
    this.time = time;
    this.limit = limit.toNanos();
    this.inFlight = inFlight;
    this.expired = expired;
  }

  /** To be called when an exchange has begun. */
  void arm() {
    if (timer == NONE) {
      timer = time.timer(TimeUnit.NANOSECONDS.toMillis(limit), this::check);
    }
  }

  /** To be called when there will be no more exchanges. */
  void disarm() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }

  private void check() {
    timer = CHECKING;
    long left = 0;
    while (!inFlight.isEmpty() && left <= 0) {
      Exchange oldest = inFlight.iterator().next();
      left = limit - (time.nanos() - oldest.startedAt());
      if (left <= 0) {
        expired.accept(oldest);
      }
    }
    // Rounded up: a timer that comes a moment early would only be set again.
    timer = left > 0 ? time.timer(TimeUnit.NANOSECONDS.toMillis(left) + 1, this::check) : NONE;
  }
}
