// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.pushserver.spi.Time;

/**
 * Time as it passes, with leaps that no timer notices, and a wall clock that somebody has set
 * wrong.
 */
final class ShiftedTime implements Time {
  private final Time real;
  private final AtomicLong leaptNanos = new AtomicLong();
  private volatile Duration shift = Duration.ZERO;

  ShiftedTime(Time real) {
    this.real = real;
  }

  void shift(Duration newShift) {
    shift = newShift;
  }

  /** Lets so much time have passed at once; timers go on as if it had not. */
  void leap(Duration duration) {
    leaptNanos.addAndGet(duration.toNanos());
  }

  @Override
  public long now() {
    return real.now() + shift.toMillis() + TimeUnit.NANOSECONDS.toMillis(leaptNanos.get());
  }

  @Override
  public long nanos() {
    return real.nanos() + leaptNanos.get();
  }

  @Override
  public long timer(long delayMs, Runnable task) {
    return real.timer(delayMs, task);
  }

  @Override
  public void cancel(long timerId) {
    real.cancel(timerId);
  }
}
