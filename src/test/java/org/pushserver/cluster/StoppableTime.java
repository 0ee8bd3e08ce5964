// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.spi.Time;

/** The time of one server, which goes on without it while it stands still. Any thread. */
final class StoppableTime implements Time {
  private final Time time;
  private final List<Runnable> late = new ArrayList<>();
  private boolean isStopped;

  StoppableTime(Time time) {
    this.time = time;
  }

  /** From now on nothing that falls due is done. */
  synchronized void stop() {
    isStopped = true;
  }

  /** Does what fell due meanwhile. */
  void goOn() {
    List<Runnable> due;
    synchronized (this) {
      isStopped = false;
      due = List.copyOf(late);
      late.clear();
    }
    due.forEach(Runnable::run);
  }

  @Override
  public long now() {
    return time.now();
  }

  @Override
  public long nanos() {
    return time.nanos();
  }

  @Override
  public long timer(long delayMs, Runnable task) {
    return time.timer(
        delayMs,
        () -> {
          if (!isKept(task)) {
            task.run();
          }
        });
  }

  private synchronized boolean isKept(Runnable task) {
    Context context = Vertx.currentContext();
    if (isStopped) {
      late.add(context == null ? task : () -> context.runOnContext(turn -> task.run()));
    }
    return isStopped;
  }

  @Override
  public void cancel(long timerId) {
    time.cancel(timerId);
  }
}
