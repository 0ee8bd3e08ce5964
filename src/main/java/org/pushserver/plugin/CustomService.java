// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.spi.Trial;

/**
 * A push service from a plugin. What is wrong with it hurts its own pushes alone: whatever it
 * throws becomes what its interface allows, and what it says on threads of its own is told on the
 * event loop of its application.
 */
final class CustomService implements PushService {
  /** How long after a push's deadline an attempt may still be under way: nobody waits for ever. */
  private static final long LAST_ANSWER_MS = 30_000;

  /** Whoever ends a server, or an application, waits for this. */
  private static final long LAST_CLOSE_MS = 5_000;

  private final PushService custom;
  private Time time;
  private Context context;
  private Thread loop;

  /** How it stands while it cannot even say how many pushes it takes; null while it can. */
  private Condition failure;

  CustomService(PushService custom) {
    this.custom = custom;
  }

  @Override
  public Future<Void> open(Vertx vertx, Time newTime, Runnable changed) {
    time = newTime;
    context = vertx.getOrCreateContext();
    loop = Thread.currentThread();
    return ask(() -> custom.open(vertx, newTime, () -> onLoop(changed)));
  }

  @Override
  public int window() {
    try {
      int window = custom.window();
      if (window >= 0) {
        failure = null;
        return window;
      }
      failure = failing(new IllegalStateException("its window is " + window));
    } catch (RuntimeException | Error e) {
      failure = failing(e);
    }
    return 0; // Its pushes wait, and condition() tells why.
  }

  private static Condition failing(Throwable cause) {
    return new Condition(State.CONNECTING, "the push service fails: " + Reason.of(cause));
  }

  @Override
  public Condition condition() {
    if (window() == 0 && failure != null) {
      return failure;
    }
    try {
      return Objects.requireNonNull(custom.condition(), "no condition");
    } catch (RuntimeException | Error e) {
      return failing(e);
    }
  }

  @Override
  public void hurry(long leftMs) {
    try {
      custom.hurry(leftMs);
    } catch (RuntimeException | Error e) {
      return; // As of one that cannot.
    }
  }

  @Override
  public Optional<Instant> credentialExpiry() {
    try {
      return Objects.requireNonNull(custom.credentialExpiry(), "no time");
    } catch (RuntimeException | Error e) {
      return Optional.empty(); // As of one that does not know.
    }
  }

  @Override
  public Optional<Instant> tokenExpiry() {
    try {
      return Objects.requireNonNull(custom.tokenExpiry(), "no time");
    } catch (RuntimeException | Error e) {
      return Optional.empty();
    }
  }

  @Override
  public int credentialFailures() {
    try {
      return custom.credentialFailures();
    } catch (RuntimeException | Error e) {
      return 0;
    }
  }

  @Override
  public Connections connections() {
    try {
      return Objects.requireNonNull(custom.connections(), "no connections");
    } catch (RuntimeException | Error e) {
      return Connections.NONE;
    }
  }

  @Override
  public Future<Answer> send(Push push, Payload payload) {
    Promise<Answer> answer = Promise.promise();
    long limit =
        time.timer(
            push.remaining(time.now()) + LAST_ANSWER_MS,
            () -> answer.tryFail("the push service has not answered"));
    ask(() -> custom.send(push, payload))
        .map(given -> Objects.requireNonNull(given, "no answer"))
        .onComplete(given -> time.cancel(limit))
        .onComplete(answer::tryComplete, answer::tryFail);
    return answer.future();
  }

  @Override
  public Optional<Answer> refusal(Push push, Payload payload) {
    try {
      return Objects.requireNonNull(custom.refusal(push, payload), "no answer");
    } catch (RuntimeException | Error e) {
      return Optional.empty(); // What is sent will tell.
    }
  }

  @Override
  public Future<Trial> tryCredentials(AppKey app) {
    return ask(() -> custom.tryCredentials(app))
        .map(given -> Objects.requireNonNull(given, "no trial"));
  }

  @Override
  public Future<Void> close() {
    if (time == null) {
      return ask(custom::close);
    }
    Promise<Void> closed = Promise.promise();
    long limit =
        time.timer(
            LAST_CLOSE_MS, () -> closed.tryFail("the push service has not closed within 5 s"));
    ask(custom::close)
        .onComplete(done -> time.cancel(limit))
        .onComplete(closed::tryComplete, closed::tryFail);
    return closed.future();
  }

  private <T> Future<T> ask(Supplier<Future<T>> question) {
    Promise<T> answer = Promise.promise();
    try {
      Objects.requireNonNull(question.get(), "no future")
          .onComplete(
              (value, cause) ->
                  onLoop(
                      () -> {
                        if (cause == null) {
                          answer.complete(value);
                        } else {
                          answer.fail(cause);
                        }
                      }));
    } catch (RuntimeException | Error e) {
      answer.fail(new IllegalStateException("the push service fails: " + Reason.of(e), e));
    }
    return answer.future();
  }

  /** At once when already there. Before {@link #open}, when there is no loop yet, too. */
  private void onLoop(Runnable task) {
    if (loop == null || loop == Thread.currentThread()) {
      task.run();
    } else {
      context.runOnContext(turn -> task.run());
    }
  }
}
