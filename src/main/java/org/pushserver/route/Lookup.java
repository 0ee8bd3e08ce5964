// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a name leads. Each connection asks anew; but while the name server does not answer, the
 * address of the last connection that stood serves, which TLS then proves right or wrong. Event
 * loop only.
 */
final class Lookup {
  private static final Logger LOG = LoggerFactory.getLogger(Route.class);

  /** Name servers answer in milliseconds, and most of what waits is a call. */
  private static final long LIMIT_MS = 3000;

  private final String label;
  private final String name;
  private final Vertx vertx;
  private final Time time;
  private String last;

  /**
   * @param label for the log
   */
  Lookup(String label, String name, Vertx vertx, Time time) {
    this.label = label;
    this.name = name;
    this.vertx = vertx;
    this.time = time;
  }

  /** A connection stands, and leads to this address. */
  void leadsTo(String address) {
    last = address;
  }

  /**
   * Asks, when there is something to fall back to.
   *
   * @return completes with a name or address to connect to; does not fail
   */
  Future<String> host() {
    if (last == null) {
      return Future.succeededFuture(name);
    }
    String known = last;
    Promise<String> host = Promise.promise();
    long limit = time.timer(LIMIT_MS, () -> fallBack(host, known, "no answer in time"));
    ((VertxInternal) vertx)
        .nameResolver()
        .resolve(name)
        .onComplete(
            address -> host.tryComplete(address.getHostAddress()),
            cause -> fallBack(host, known, Reason.of(cause)));
    return host.future().onComplete(done -> time.cancel(limit));
  }

  private void fallBack(Promise<String> host, String known, String why) {
    if (host.tryComplete(known)) {
      LOG.warn(
          "[{}] cannot look up {}: {}; trying the address of the last connection, {}",
          label,
          name,
          why,
          known);
    }
  }
}
