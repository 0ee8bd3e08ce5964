// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushserver.spi.Time;

/**
 * Measures how late an event loop is: what waits for it waits as long as this timer does. A
 * millisecond is what a timer costs at the best; much more means that something keeps the loop
 * busy, or the machine.
 */
final class LoopDelay {
  private static final long PERIOD_MS = 100;

  private final Context loop;
  private final Time time;
  private final Meters meters;
  private long timer;
  private long due;

  private LoopDelay(Context loop, Time time, Meters meters) {
    this.loop = loop;
    this.time = time;
    this.meters = meters;
  }

  /** Measures some event loops; each of what is returned is to be ended. */
  static List<LoopDelay> measure(List<Context> loops, Time time, Meters meters) {
    List<LoopDelay> all = loops.stream().map(loop -> new LoopDelay(loop, time, meters)).toList();
    all.forEach(one -> one.loop.runOnContext(turn -> one.await()));
    return all;
  }

  private void await() {
    due = time.nanos() + TimeUnit.MILLISECONDS.toNanos(PERIOD_MS);
    timer = time.timer(PERIOD_MS, this::tick);
  }

  private void tick() {
    meters.loopDelay().record(Math.max(0, time.nanos() - due), TimeUnit.NANOSECONDS);
    await();
  }

  /** Measures no more; completes when it does not. */
  Future<Void> end() {
    Promise<Void> ended = Promise.promise();
    loop.runOnContext(
        turn -> {
          time.cancel(timer);
          ended.complete();
        });
    return ended.future();
  }
}
