// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

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
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/**
 * A push service that answers what a test tells it, and notes each promise that the verticle breaks
 * towards it. Any thread may call what the tests call.
 */
final class ScriptedService implements PushService {
  /** One call of {@link #send}; completed on the verticle's event loop. */
  final class Attempt {
    final Push push;
    private final Promise<Answer> end = Promise.promise();

    private Attempt(Push push) {
      this.push = push;
    }

    void answer(Answer answer) {
      context.runOnContext(turn -> end.complete(answer));
    }

    void fail(Throwable cause) {
      context.runOnContext(turn -> end.fail(cause));
    }

    Future<Answer> end() {
      return end.future();
    }
  }

  private final Time time;
  private final List<String> broken = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();
  private final List<Long> hurries = new ArrayList<>();
  private final Deque<Attempt> attempts = new ArrayDeque<>();
  private final Deque<Promise<Attempt>> awaited = new ArrayDeque<>();
  private volatile Function<Attempt, Future<Answer>> script = Attempt::end;
  private volatile Future<Void> opening = Future.succeededFuture();
  private volatile Context context;
  private volatile Thread eventLoop;
  private volatile int window = 1;
  private volatile Condition refusal;
  private volatile boolean closed;
  private volatile int inFlight;
  private Runnable windowChanged;

  ScriptedService(Time time) {
    this.time = time;
  }

  /** Answers all further attempts; without it, the test answers each by hand. */
  void script(Function<Attempt, Future<Answer>> answers) {
    script = answers;
  }

  /** What {@link #open} is to return. */
  void opening(Future<Void> result) {
    opening = result;
  }

  /** Sets the window and says so on the verticle's event loop. */
  void window(int size) {
    context.runOnContext(
        turn -> {
          window = size;
          windowChanged.run();
        });
  }

  /** Has the application's credentials refused, and says so on the verticle's event loop. */
  void refuse(String reason) {
    refusal = new Condition(Condition.State.REFUSED, reason);
    context.runOnContext(turn -> windowChanged.run());
  }

  /** Sets the window before the service is opened. */
  void windowAtFirst(int size) {
    window = size;
  }

  /** The next attempt, in their order; each is given out once. */
  synchronized Future<Attempt> next() {
    Attempt there = attempts.poll();
    if (there != null) {
      return Future.succeededFuture(there);
    }
    Promise<Attempt> promise = Promise.promise();
    awaited.add(promise);
    return promise.future();
  }

  /** The call-ids of all attempts so far, in their order. */
  synchronized List<String> sent() {
    return List.copyOf(sent);
  }

  /** The promises that the verticle broke. */
  synchronized List<String> broken() {
    return List.copyOf(broken);
  }

  int inFlight() {
    return inFlight;
  }

  boolean isClosed() {
    return closed;
  }

  Context context() {
    return context;
  }

  @Override
  public Future<Void> open(Vertx vertx, Time verticleTime, Runnable changed) {
    context = Vertx.currentContext();
    eventLoop = Thread.currentThread();
    windowChanged = changed;
    return opening;
  }

  @Override
  public int window() {
    return window;
  }

  @Override
  public Condition condition() {
    if (refusal != null) {
      return refusal;
    }
    return window > 0 ? Condition.CONNECTED : new Condition(Condition.State.CONNECTING, "scripted");
  }

  @Override
  public synchronized void hurry(long leftMs) {
    hurries.add(leftMs);
  }

  /** How long the call that waited had left, each time that it was told that one waits. */
  synchronized List<Long> hurries() {
    return List.copyOf(hurries);
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // written on the event loop only
  public Future<Answer> send(Push push, Payload payload) {
    check(Thread.currentThread().equals(eventLoop), "sent off the event loop");
    check(inFlight < window, "window exceeded");
    check(time.now() < push.deadline(), "sent after the deadline");
    check(!closed, "sent after close");
    check(SampleAnswers.PAYLOAD.equals(payload), "another payload");
    Attempt attempt = new Attempt(push);
    Promise<Attempt> waits;
    synchronized (this) {
      sent.add(push.callId());
      waits = awaited.poll();
      if (waits == null) {
        attempts.add(attempt);
      }
    }
    if (waits != null) {
      waits.complete(attempt);
    }
    Future<Answer> answer = script.apply(attempt);
    inFlight++;
    return answer.onComplete(done -> inFlight--);
  }

  private synchronized void check(boolean kept, String otherwise) {
    if (!kept) {
      broken.add(otherwise);
    }
  }

  @Override
  public Future<Void> close() {
    check(!closed, "closed twice");
    closed = true;
    return Future.succeededFuture();
  }
}
