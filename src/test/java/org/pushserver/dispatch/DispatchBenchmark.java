// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.PushListener;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.SamplePush;
import org.pushserver.spi.Time;

/**
 * What it costs to take a push from one event loop over the bus to its application, through its
 * send queue, and the outcome back, when the push service answers at once.
 */
@State(Scope.Benchmark)
public class DispatchBenchmark {
  private static final int PUSHES = 1000;

  /** As many as wrk keeps on the way. */
  private static final int AT_A_TIME = 64;

  private static final long LIFE_MS = Duration.ofHours(1).toMillis();

  private final Vertx vertx = Vertx.vertx();
  private final Context door = vertx.getOrCreateContext();
  private final Fleet fleet =
      new Fleet(
          vertx,
          new VertxTime(vertx),
          new PushListener() {},
          AppFixture.DRAIN,
          new QueueMemory(Long.MAX_VALUE),
          PushStore.IN_MEMORY,
          RepeatGuard.NEVER,
          "pushserver.results");
  private List<Push> pushes;

  private record AtOnce() implements PushService {
    private static final Future<Answer> DELIVERED =
        Future.succeededFuture(new Answer.Delivered(new Response(200, "OK", "", "{}")));

    @Override
    public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
      return Future.succeededFuture();
    }

    @Override
    public int window() {
      return AT_A_TIME;
    }

    @Override
    public Condition condition() {
      return Condition.CONNECTED;
    }

    @Override
    public Future<Answer> send(Push push, Payload payload) {
      return DELIVERED;
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }

  /** Starts the application. */
  @Setup
  public void start() throws Exception {
    ApplicationParts parts =
        new ApplicationParts(
            AppFixture.application(PUSHES),
            (push, now) -> SampleAnswers.PAYLOAD,
            new AtOnce(),
            ApplicationListener.NONE);
    Set<?> running =
        await(
            fleet.update(
                new Catalog(List.of(), List.of()),
                new PreparedApplications(List.of(parts), List.of()),
                Set.of()));
    if (running.size() != 1) {
      throw new IllegalStateException("the application did not start");
    }
  }

  /** Makes pushes that have not expired. */
  @Setup(Level.Iteration)
  public void makePushes() {
    long now = System.currentTimeMillis();
    pushes =
        IntStream.range(0, PUSHES)
            .mapToObj(number -> "call-" + number)
            .map(SamplePush.of(Event.INCOMING_SESSION).bornAt(now).life(LIFE_MS)::callId)
            .map(SamplePush::push)
            .toList();
  }

  /** Ends all. */
  @TearDown
  public void close() throws Exception {
    await(vertx.close());
  }

  /** From the door to the answer. */
  @Benchmark
  @OperationsPerInvocation(PUSHES)
  public void deliver() throws Exception {
    Turn turn = new Turn();
    door.runOnContext(now -> turn.begin());
    await(turn.end.future());
  }

  /** All pushes once, some at a time. On the door's event loop. */
  private final class Turn {
    private final Promise<Void> end = Promise.promise();
    private int begun;
    private int ended;

    void begin() {
      while (begun < AT_A_TIME) {
        next();
      }
    }

    private void next() {
      fleet.deliver(pushes.get(begun++)).onComplete(outcome -> ended(outcome.result()));
    }

    private void ended(Outcome outcome) {
      if (outcome.result() != Outcome.Result.DELIVERED) {
        end.tryFail("not delivered: " + outcome);
      } else if (++ended == PUSHES) {
        end.complete();
      } else if (begun < PUSHES) {
        next();
      }
    }
  }
}
