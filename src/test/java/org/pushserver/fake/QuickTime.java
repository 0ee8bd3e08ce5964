// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import java.util.Objects;
import org.pushserver.spi.Time;

/** A clock as it is, whose timers are over sooner: for what a test would but wait for. */
public final class QuickTime implements Time {
  private final Time real;
  private final long times;

  /**
   * @param real the clock
   * @param times how many times sooner
   */
  public QuickTime(Time real, long times) {
    this.real = Objects.requireNonNull(real, "real");
    this.times = times;
  }

  @Override
  public long now() {
    return real.now();
  }

  @Override
  public long nanos() {
    return real.nanos();
  }

  @Override
  public long timer(long delayMs, Runnable task) {
    return real.timer(Math.max(1, delayMs / times), task);
  }

  @Override
  public void cancel(long timer) {
    real.cancel(timer);
  }
}
