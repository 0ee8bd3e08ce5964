// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Time;

/**
 * One application: takes its pushes from the event bus, keeps them in its queue, hands them to its
 * push service as the window allows, and tries again what was told to wait.
 *
 * <p>Every push that it accepts ends exactly once, in {@link #end}.
 */
final class AppVerticle extends VerticleBase {
  private static final String NO_BODY = "{}";

  private final Worker worker;
  private final Time time;
  private final Duration drainTimeout;
  private final PushQueue queue = new PushQueue();
  private final Set<Waiting> inFlight = new HashSet<>();
  private final Set<Waiting> backingOff = new HashSet<>();

  private MessageConsumer<Job> consumer;
  private boolean pumping;
  private long expiryTimerFor = Long.MAX_VALUE;
  private long expiryTimer;
  private Promise<Void> drained;

  /**
   * @param drainTimeout how long to go on with accepted pushes when undeployed
   */
  AppVerticle(Worker worker, Time time, Duration drainTimeout) {
    this.worker = worker;
    this.time = time;
    this.drainTimeout = drainTimeout;
  }

  @Override
  public Future<?> start() {
    return Future.succeededFuture()
        .compose(begin -> worker.service().open(vertx, time, this::pump))
        .compose(
            opened -> {
              consumer = vertx.eventBus().localConsumer(worker.address(), this::take);
              return consumer.completion();
            })
        // A verticle that does not start is never stopped.
        .recover(cause -> worker.service().close().transform(closed -> Future.failedFuture(cause)));
  }

  private void take(Message<Job> message) {
    Job job = message.body();
    if (held() >= room(job.push())) {
      message.reply(overloaded("too many pushes wait for this application"));
      return;
    }
    if (!job.untilEnd()) {
      message.reply(null);
    }
    queue.add(new Waiting(job.push(), job.untilEnd() ? message : null));
    pump();
    watchDeadlines();
  }

  /** Calls may use the whole queue; the others leave a fifth of it to them. */
  private int room(Push push) {
    int all = worker.application().delivery().maxQueue();
    return push.event().kind().isCall() ? all : all - all / 5;
  }

  private int held() {
    return queue.size() + backingOff.size() + inFlight.size();
  }

  /**
   * Sends what the window allows. Attempts that end at once come back here: a loop, no recursion.
   */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      sendWaiting();
    } finally {
      pumping = false;
    }
  }

  private void sendWaiting() {
    while (inFlight.size() < worker.service().window()) {
      Waiting next = queue.poll();
      if (next == null) {
        return;
      }
      if (next.push.remaining(time.now()) == 0) {
        expire(next);
      } else {
        attempt(next);
      }
    }
  }

  private void attempt(Waiting waiting) {
    Payload payload;
    try {
      payload = worker.payloads().make(waiting.push, time.now());
    } catch (RuntimeException e) {
      end(waiting, Result.REFUSED, failure(500, "the notification could not be built: " + e));
      return;
    }
    inFlight.add(waiting);
    long began = time.nanos();
    send(waiting.push, payload)
        .onComplete(
            (answer, cause) -> {
              if (!inFlight.remove(waiting)) {
                return; // given up meanwhile
              }
              long took = time.nanos() - began;
              if (cause == null) {
                answered(waiting, answer, took);
              } else {
                unanswered(waiting, cause, took);
              }
              pump();
              watchDeadlines();
            });
  }

  /** A service that throws has not kept its contract; the push must not pay for it. */
  private Future<Answer> send(Push push, Payload payload) {
    try {
      return Objects.requireNonNull(worker.service().send(push, payload), "no future");
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void answered(Waiting waiting, Answer answer, long tookNanos) {
    waiting.attempts++;
    waiting.setbacks = 0;
    waiting.last = answer.response();
    PushLog.attempt(waiting.push, waiting.attempts, answer, tookNanos);
    if (answer instanceof Answer.Later later) {
      again(waiting, waiting.attempts, later.after());
    } else if (answer instanceof Answer.Delivered) {
      end(waiting, Result.DELIVERED, answer.response());
    } else if (answer instanceof Answer.DeadToken) {
      end(waiting, Result.DEAD_TOKEN, answer.response());
    } else {
      end(waiting, Result.REFUSED, answer.response());
    }
  }

  /** That the service could not be asked becomes a later attempt here, and nowhere else. */
  private void unanswered(Waiting waiting, Throwable cause, long tookNanos) {
    if (!(cause instanceof NotSentException)) {
      waiting.attempts++;
      waiting.setbacks = 0;
      PushLog.unanswered(waiting.push, waiting.attempts, cause, tookNanos);
      again(waiting, waiting.attempts, null);
      return;
    }
    waiting.setbacks++;
    PushLog.unanswered(waiting.push, waiting.attempts + 1, cause, tookNanos);
    // At once when a stream was refused; not in a tight loop when the reason stays.
    if (waiting.setbacks == 1 || worker.service().window() == 0) {
      queue.add(waiting);
    } else {
      again(waiting, waiting.setbacks - 1, null);
    }
  }

  private void again(Waiting waiting, int failures, Duration asked) {
    OptionalLong delay =
        Backoff.delay(
            failures, asked, waiting.push.remaining(time.now()), ThreadLocalRandom.current());
    if (delay.isEmpty()) {
      expire(waiting);
      return;
    }
    backingOff.add(waiting);
    time.timer(
        delay.getAsLong(),
        () -> {
          if (backingOff.remove(waiting)) {
            queue.add(waiting);
            pump();
            watchDeadlines();
          }
        });
  }

  /** Keeps one timer for the next deadline in the queue, however many wait. */
  private void watchDeadlines() {
    long next = queue.nextDeadline();
    if (next < expiryTimerFor) {
      if (expiryTimerFor != Long.MAX_VALUE) {
        time.cancel(expiryTimer);
      }
      expiryTimerFor = next;
      expiryTimer = time.timer(Math.max(0, next - time.now()), this::deadlineCame);
    }
  }

  private void deadlineCame() {
    expiryTimerFor = Long.MAX_VALUE;
    Waiting late;
    while ((late = queue.pollExpired(time.now())) != null) {
      expire(late);
    }
    watchDeadlines();
  }

  private void expire(Waiting waiting) {
    String last =
        waiting.last == null
            ? "the push service could not be reached"
            : "last answer: " + waiting.last.code() + " " + waiting.last.reason();
    Response response = waiting.last;
    end(
        waiting,
        Result.EXPIRED,
        new Response(
            504,
            "expired before the push service took it; " + last,
            response == null ? "" : response.url(),
            response == null ? NO_BODY : response.body()));
  }

  private void end(Waiting waiting, Result result, Response response) {
    Outcome outcome = new Outcome(result, response, waiting.attempts);
    PushLog.ended(waiting.push, outcome, time.now());
    if (waiting.caller != null) {
      waiting.caller.reply(outcome);
    }
    if (drained != null && held() == 0) {
      drained.tryComplete();
    }
  }

  private static Outcome overloaded(String why) {
    return new Outcome(Result.OVERLOADED, failure(503, why), 0);
  }

  private static Response failure(int code, String reason) {
    return new Response(code, reason, "", NO_BODY);
  }

  /** Stops to accept, then goes on with what was accepted, for a bounded time. */
  @Override
  public Future<?> stop() {
    return (consumer == null ? Future.succeededFuture() : consumer.unregister())
        .eventually(this::drain)
        .eventually(() -> worker.service().close());
  }

  private Future<Void> drain() {
    if (held() == 0) {
      return Future.succeededFuture();
    }
    drained = Promise.promise();
    long bound = time.timer(drainTimeout.toMillis(), drained::tryComplete);
    return drained
        .future()
        .onComplete(
            done -> {
              time.cancel(bound);
              giveUp();
            });
  }

  /** Answers what is left, wherever it is: nobody is to wait for a verticle that has gone. */
  private void giveUp() {
    List<Waiting> left = new ArrayList<>(inFlight);
    left.addAll(backingOff);
    inFlight.clear();
    backingOff.clear();
    Waiting next;
    while ((next = queue.poll()) != null) {
      left.add(next);
    }
    for (Waiting waiting : left) {
      end(waiting, Result.OVERLOADED, failure(503, "the server is shutting down"));
    }
  }
}
