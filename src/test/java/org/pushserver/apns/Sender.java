// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.pushserver.push.Answer;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/**
 * Drives a push service as an application's verticle does: within its window, and again when a push
 * was not sent.
 */
final class Sender {
  private record Job(Push push, Payload payload, Promise<Answer> answer) {}

  private final Context context;
  private final PushService service;
  private final Deque<Job> queue = new ArrayDeque<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private int inFlight;
  private int most;
  private int notSent;
  private final Promise<Condition> refused = Promise.promise();

  Sender(Vertx vertx, PushService service) {
    this.context = vertx.getOrCreateContext();
    this.service = service;
  }

  Future<Void> open(Vertx vertx, Time time) {
    Promise<Void> opened = Promise.promise();
    context.runOnContext(turn -> service.open(vertx, time, this::pump).onComplete(opened));
    return opened.future();
  }

  Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(turn -> service.close().onComplete(closed));
    return closed.future();
  }

  Answer send(Push push, Payload payload) throws Exception {
    return await(sendAll(List.of(push), payload)).get(0);
  }

  Future<List<Answer>> sendAll(List<Push> pushes, Payload payload) {
    Promise<List<Answer>> done = Promise.promise();
    context.runOnContext(
        turn -> {
          List<Future<Answer>> answers = new ArrayList<>();
          for (Push push : pushes) {
            Job job = new Job(push, payload, Promise.promise());
            queue.add(job);
            answers.add(job.answer().future());
          }
          Future.all(answers)
              .map(all -> answers.stream().map(Future::result).toList())
              .onComplete(done);
          pump();
        });
    return done.future();
  }

  /** Completes when the service has been refused. */
  Future<Condition> refused() {
    return refused.future();
  }

  /** Something about the service, read on its event loop. */
  <T> T read(Function<PushService, T> what) throws Exception {
    Promise<T> promise = Promise.promise();
    context.runOnContext(turn -> promise.complete(what.apply(service)));
    return await(promise.future());
  }

  /** Asks once the service takes pushes. */
  <T> T ask(Function<PushService, Future<T>> question) throws Exception {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        turn -> {
          waiting.add(() -> question.apply(service).onComplete(promise));
          pump();
        });
    return await(promise.future());
  }

  private void pump() {
    if (service.window() > 0) {
      List<Runnable> ready = List.copyOf(waiting);
      waiting.clear();
      ready.forEach(Runnable::run);
    }
    if (service.condition().state() == State.REFUSED) {
      refused.tryComplete(service.condition());
    }
    while (!queue.isEmpty() && inFlight < service.window()) {
      Job job = queue.poll();
      inFlight++;
      most = Math.max(most, inFlight);
      service
          .send(job.push(), job.payload())
          .onComplete(
              (answer, cause) -> {
                inFlight--;
                ended(job, answer, cause);
                pump();
              });
    }
  }

  private void ended(Job job, Answer answer, Throwable cause) {
    if (cause == null) {
      job.answer().complete(answer);
    } else if (cause instanceof NotSentException) {
      notSent++;
      queue.add(job);
    } else {
      job.answer().fail(cause);
    }
  }

  /** How many were in flight at the worst. */
  int most() {
    return most;
  }

  int notSent() {
    return notSent;
  }
}
