// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.time.Duration;
import org.pushserver.spi.Time;

/** Time as it passes, with a wall clock that somebody has set wrong. */
final class ShiftedTime implements Time {
  private final Time real;
  private volatile Duration shift = Duration.ZERO;

  ShiftedTime(Time real) {
    this.real = real;
  }

  void shift(Duration newShift) {
    shift = newShift;
  }

  @Override
  public long now() {
    return real.now() + shift.toMillis();
  }

  @Override
  public long nanos() {
    return real.nanos();
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
