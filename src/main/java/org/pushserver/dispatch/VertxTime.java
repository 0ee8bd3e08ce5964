// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import org.pushserver.spi.Time;

/**
 * Real time. Timers run on the event loop that sets them, and do not end with the verticle that
 * sets them: what all applications share is often set going by one that is removed a moment later.
 */
public final class VertxTime implements Time {
  private final VertxInternal vertx;

  public VertxTime(Vertx vertx) {
    this.vertx = (VertxInternal) vertx;
  }

  @Override
  public long now() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public long timer(long delayMs, Runnable task) {
    return vertx.getOrCreateContext().setTimer(Math.max(1, delayMs), id -> task.run());
  }

  @Override
  public void cancel(long timerId) {
    vertx.cancelTimer(timerId);
  }
}
