// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.pushserver.push.Answer;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/** A push service without an event loop: attempts stay open until a test ends them. One thread. */
final class LooseService implements PushService {
  /** One call of {@link #send}. */
  record Attempt(Push push, Promise<Answer> end) {}

  final List<Attempt> open = new ArrayList<>();
  int window;

  /** What it would say to any push. */
  Optional<Answer> refusal = Optional.empty();

  private final Consumer<Push> onSend;

  /**
   * @param onSend sees each push just before its attempt begins
   */
  LooseService(int window, Consumer<Push> onSend) {
    this.window = window;
    this.onSend = onSend;
  }

  @Override
  public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
    return Future.succeededFuture();
  }

  @Override
  public int window() {
    return window;
  }

  @Override
  public Condition condition() {
    return Condition.CONNECTED;
  }

  @Override
  public Future<Answer> send(Push push, Payload payload) {
    onSend.accept(push);
    Attempt attempt = new Attempt(push, Promise.promise());
    open.add(attempt);
    return attempt.end().future();
  }

  @Override
  public Optional<Answer> refusal(Push push, Payload payload) {
    return refusal;
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
