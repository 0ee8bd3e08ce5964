// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.pushserver.spi.Time;

/**
 * Measures how late an event loop is: what waits for it waits as long as this timer does. A
 * millisecond is what a timer costs at the best; much more means that something keeps the loop
 * busy, or the machine.
 */
final class LoopDelay extends VerticleBase {
  private static final long PERIOD_MS = 100;

  private final Time time;
  private final Meters meters;
  private long timer;
  private long due;

  private LoopDelay(Time time, Meters meters) {
    this.time = time;
    this.meters = meters;
  }

  /**
   * Measures all event loops. To be called while nothing else is being deployed, because event
   * loops are given out in turn.
   *
   * @param loops how many there are
   * @return completes with the id of the deployment
   */
  static Future<String> measure(Vertx vertx, int loops, Time time, Meters meters) {
    return vertx.deployVerticle(
        () -> new LoopDelay(time, meters), new DeploymentOptions().setInstances(loops));
  }

  @Override
  public Future<?> start() {
    await();
    return Future.succeededFuture();
  }

  private void await() {
    due = time.nanos() + TimeUnit.MILLISECONDS.toNanos(PERIOD_MS);
    timer = time.timer(PERIOD_MS, this::tick);
  }

  private void tick() {
    meters.loopDelay().record(Math.max(0, time.nanos() - due), TimeUnit.NANOSECONDS);
    await();
  }

  @Override
  public Future<?> stop() {
    time.cancel(timer);
    return Future.succeededFuture();
  }
}
