// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.pushserver.pns.Authorization;
import org.pushserver.spi.Time;

/** The legacy server key: it is what it is. */
final class ServerKey implements Authorization {
  private final String header;

  ServerKey(String key) {
    this.header = "key=" + key;
  }

  @Override
  public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
    return Future.succeededFuture();
  }

  @Override
  public String advice() {
    return "check firebase_authorization_key and firebase_push_url";
  }

  @Override
  public String current() {
    return header;
  }

  @Override
  public Future<String> obtain() {
    return Future.succeededFuture(header);
  }

  @Override
  public Future<Boolean> replace(String refused) {
    return Future.succeededFuture(false);
  }

  @Override
  public void close() {
    // Nothing is kept up.
  }
}
