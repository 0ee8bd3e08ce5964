// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushserver.route.Reply;
import org.pushserver.route.Route;
import org.pushserver.route.RouteOptions;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Time;

/**
 * The route to one host of several, and the pushes that came before the first try to reach it had
 * ended: these wait for that, which is a matter of a moment. Event loop only.
 */
final class HostRoute {
  /** More come again by the queue's back-off: who waits here has room that others need. */
  private static final int MOST_EARLY = 16;

  private final Route route;
  private final Time time;
  private final List<Runnable> early = new ArrayList<>();
  private long usedAt;
  private boolean tried;

  /** Begins to connect. */
  HostRoute(RouteOptions options, Vertx vertx, Time time, Runnable changed) {
    this.time = time;
    this.usedAt = time.nanos();
    this.route =
        new Route(
            options,
            vertx,
            time,
            () -> {
              lookAtFirstTry();
              changed.run();
            });
    route.open();
  }

  private void lookAtFirstTry() {
    Connections connections = route.connections();
    if (!tried && connections.made() + connections.failed() > 0) {
      sendEarly();
    }
  }

  private void sendEarly() {
    tried = true;
    List<Runnable> all = List.copyOf(early);
    early.clear();
    all.forEach(Runnable::run);
  }

  /**
   * Sends a push; one to a host that is down fails at once.
   *
   * @param deadline of {@link Time#millis}
   */
  Future<Reply> post(Request request, boolean isCall, long deadline) {
    usedAt = time.nanos();
    if (tried) {
      return send(request, isCall, deadline);
    }
    if (early.size() == MOST_EARLY) {
      return Future.failedFuture(new NotSentException("no connection to " + request.host().url()));
    }
    Promise<Reply> reply = Promise.promise();
    early.add(() -> send(request, isCall, deadline).onComplete(reply));
    return reply.future();
  }

  private Future<Reply> send(Request request, boolean isCall, long deadline) {
    long left = deadline - time.millis();
    if (left <= 0) {
      return Future.failedFuture(new NotSentException("its deadline has passed"));
    }
    Future<Reply> reply = route.post(request.path(), request.headers(), request.body());
    if (isCall && reply.failed()) {
      route.hurry(left);
    }
    return reply;
  }

  /** See {@link Route#leave}. */
  void leave(long connection, String why) {
    route.leave(connection, why);
  }

  int window() {
    return route.window() + early.size();
  }

  Connections connections() {
    return route.connections();
  }

  /** Why the host cannot be reached; empty while it can, and before that was tried. */
  Optional<String> trouble() {
    Condition condition = route.condition();
    return tried && condition.state() == State.CONNECTING
        ? Optional.of(condition.reason())
        : Optional.empty();
  }

  /** For how long nothing has been sent to it, in nanoseconds; -1 while something is on its way. */
  long idle() {
    boolean busy = !early.isEmpty() || route.connections().inFlight() > 0;
    return busy ? -1 : time.nanos() - usedAt;
  }

  /** Ends it. Completes when nothing is left of it. */
  Future<Void> close() {
    Future<Void> end = route.close();
    sendEarly();
    return end;
  }
}
