// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.pushserver.spi.Time;

/** The legacy server key: it is what it is. */
final class ServerKey implements Authorization {
  private final Future<String> header;

  ServerKey(String key) {
    this.header = Future.succeededFuture("key=" + key);
  }

  @Override
  public void open(Vertx vertx, Time time, Runnable changed) {}

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public Optional<TokenException> refusal() {
    return Optional.empty();
  }

  @Override
  public Future<String> header() {
    return header;
  }

  @Override
  public boolean isReplaceable(String refused) {
    return false;
  }

  @Override
  public Future<String> replace(String refused) {
    return header;
  }

  @Override
  public void close() {}
}
