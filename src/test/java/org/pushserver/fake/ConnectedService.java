// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.pushserver.push.Answer;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/** A push service that is always connected, and sends nothing. Any thread. */
public abstract class ConnectedService implements PushService {
  @Override
  public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
    return Future.succeededFuture();
  }

  @Override
  public int window() {
    return 1;
  }

  @Override
  public Condition condition() {
    return Condition.CONNECTED;
  }

  @Override
  public Future<Answer> send(Push push, Payload payload) {
    return Future.failedFuture("nothing is sent");
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
