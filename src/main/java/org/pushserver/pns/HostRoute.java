// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushserver.route.Reply;
import org.pushserver.route.Route;
import org.pushserver.route.RouteOptions;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Time;

/**
 * The route to one host of several. A push that comes while the host takes no more, or before its
 * first connection stands, waits here for a moment, in its order; the application's queue cannot
 * know which host has room. When the moment is over, or the host is down, all that comes fails at
 * once, until the host takes one again. Event loop only.
 */
final class HostRoute {
  /** Who waits here has room that pushes to other hosts need. */
  static final long MOMENT_MS = 1000;

  private static final long NONE = -1;

  /**
   * A push that waits.
   *
   * @param since of {@link Time#nanos}
   */
  private record Held(
      Request request, boolean isCall, long deadline, Promise<Reply> reply, long since) {}

  private final Route route;
  private final Time time;
  private final Deque<Held> held = new ArrayDeque<>();
  private long usedAt;
  private long timer = NONE;
  private boolean shut;

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
              sendHeld();
              changed.run();
            });
    route.open();
  }

  /**
   * Sends a push; one to a host that is down fails at once.
   *
   * @param deadline of {@link Time#millis}
   */
  Future<Reply> post(Request request, boolean isCall, long deadline) {
    usedAt = time.nanos();
    if (held.isEmpty()) {
      Future<Reply> reply = send(request, isCall, deadline);
      if (!reply.failed() || isShut()) {
        return reply;
      }
    }
    Promise<Reply> reply = Promise.promise();
    held.add(new Held(request, isCall, deadline, reply, usedAt));
    if (timer == NONE) {
      timer = time.timer(MOMENT_MS, this::momentOver);
    }
    return reply.future();
  }

  private Future<Reply> send(Request request, boolean isCall, long deadline) {
    long left = deadline - time.millis();
    if (left <= 0) {
      return Future.failedFuture(new NotSentException("its deadline has passed"));
    }
    Future<Reply> reply = route.post(request.path(), request.headers(), request.body());
    if (!reply.failed()) {
      shut = false;
    } else if (isCall) {
      route.hurry(left);
    }
    return reply;
  }

  /** Whether it is not worth to wait for room. */
  private boolean isShut() {
    return shut || trouble().isPresent();
  }

  private void sendHeld() {
    while (!held.isEmpty()) {
      Held next = held.peek();
      Future<Reply> reply = send(next.request(), next.isCall(), next.deadline());
      if (reply.failed() && !isShut() && next.deadline() > time.millis()) {
        return;
      }
      held.remove();
      reply.onComplete(next.reply());
    }
    forgetTimer();
  }

  private void momentOver() {
    timer = NONE;
    long left = MOMENT_MS;
    if (!held.isEmpty()) {
      left -= TimeUnit.NANOSECONDS.toMillis(time.nanos() - held.peek().since());
    }
    shut |= left <= 0;
    sendHeld();
    if (!held.isEmpty()) {
      timer = time.timer(Math.max(1, left), this::momentOver);
    }
  }

  private void forgetTimer() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }

  /** See {@link Route#leave}. */
  void leave(long connection, String why) {
    route.leave(connection, why);
  }

  /** How many pushes it takes, without those that wait here. */
  int window() {
    return route.window();
  }

  Connections connections() {
    return route.connections();
  }

  /** Why the host cannot be reached; empty while it can, and before that was tried. */
  Optional<String> trouble() {
    Condition condition = route.condition();
    Connections connections = route.connections();
    boolean tried = connections.made() + connections.failed() > 0;
    return tried && condition.state() == State.CONNECTING
        ? Optional.of(condition.reason())
        : Optional.empty();
  }

  /** For how long nothing has been sent to it, in nanoseconds; -1 while something is on its way. */
  long idle() {
    boolean busy = !held.isEmpty() || route.connections().inFlight() > 0;
    return busy ? -1 : time.nanos() - usedAt;
  }

  /** Ends it. Completes when nothing is left of it. */
  Future<Void> close() {
    Future<Void> end = route.close();
    shut = true;
    sendHeld();
    return end;
  }
}
