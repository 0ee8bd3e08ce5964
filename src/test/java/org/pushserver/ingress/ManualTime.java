// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushserver.spi.Time;

/** A clock that stands still until it is moved; timers run where they were set. */
final class ManualTime implements Time {
  static final long START = 1_800_000_000_000L;

  private final List<Timer> timers = new ArrayList<>();
  private long elapsedMs;
  private long lastId;

  private record Timer(long id, long due, Context context, Runnable task) {
    void run() {
      if (context == null) {
        task.run();
      } else {
        context.runOnContext(nothing -> task.run());
      }
    }
  }

  @Override
  public synchronized long now() {
    return START + elapsedMs;
  }

  @Override
  public synchronized long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(elapsedMs);
  }

  @Override
  public synchronized long timer(long delayMs, Runnable task) {
    lastId++;
    timers.add(new Timer(lastId, elapsedMs + delayMs, Vertx.currentContext(), task));
    return lastId;
  }

  @Override
  public synchronized void cancel(long timerId) {
    timers.removeIf(timer -> timer.id() == timerId);
  }

  /** Moves the clock and starts what has become due. */
  void advance(long ms) {
    List<Timer> due;
    synchronized (this) {
      elapsedMs += ms;
      due = timers.stream().filter(timer -> timer.due() <= elapsedMs).toList();
      timers.removeAll(due);
    }
    due.forEach(Timer::run);
  }
}
