// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.SamplePush;

/** What it costs to remember a ring, and to forget the oldest one instead. */
@State(Scope.Benchmark)
public class RungBenchmark {
  /** More than are remembered, so that none of them is rung again. */
  private static final int PUSHES = 60_000;

  private static final Outcome DELIVERED =
      new Outcome(Result.DELIVERED, SampleAnswers.said(200, ""), 1);

  private final Vertx vertx = Vertx.vertx();
  private final RungDevices rung = new RungDevices(new VertxTime(vertx), 8 << 20);
  private final Push[] pushes = new Push[PUSHES];
  private int next;

  /** Makes pushes to as many devices. */
  @Setup
  public void makePushes() {
    Push sample = SamplePush.of(Event.INCOMING_SESSION).push();
    Arrays.setAll(
        pushes,
        number ->
            new Push(
                UUID.randomUUID(),
                sample.app(),
                new Device("0123456789abcdef".repeat(4) + number, UUID.randomUUID().toString()),
                sample.event(),
                "Y2NlNzg0@192.0.2.1-" + number,
                sample.details(),
                sample.bornAt(),
                sample.deadline()));
  }

  /** Ends all. */
  @TearDown
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** A ring that is delivered. */
  @Benchmark
  public boolean remember() {
    Push push = pushes[next];
    next = (next + 1) % PUSHES;
    boolean isOver = rung.isOver(push);
    rung.ended(push, DELIVERED, 0);
    return isOver;
  }
}
