// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pushserver.push.Push;
import org.pushserver.route.Reply;
import org.pushserver.route.Route;
import org.pushserver.route.RouteOptions;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Time;

/**
 * The routes of one application: to the one host of its push service; or, where each push names a
 * host, to each that was named lately. There, a host that cannot be reached is its own pushes'
 * trouble alone: they fail at once, and come again after a back-off, while all others go on.
 *
 * <p>Event loop only. With one host nothing is looked up and nothing counted for a push.
 */
final class Routes {
  /** Bounds what somebody can have us keep up who names hosts of his own. */
  static final int MOST_HOSTS = 64;

  /** A host that nothing was sent to for so long is left. */
  static final Duration IDLE = Duration.ofMinutes(10);

  private static final long LOOK_MS = 60_000;

  /**
   * Beyond what the hosts take: pushes to one that has not been named yet, or is down, find room in
   * any case; and so many may wait for one that takes no more now.
   */
  private static final int ROOM_ELSEWHERE = 16;

  private static final long NONE = -1;

  /** Where each push names its host; else null. */
  private final Function<Endpoint, RouteOptions> ways;

  /** Where there is but one; else null. */
  private final Route only;

  private final Vertx vertx;
  private final Time time;
  private final Runnable changed;
  private final Map<Endpoint, HostRoute> hosts = new HashMap<>();
  private final List<Future<Void>> leaving = new ArrayList<>();
  private long madeBefore;
  private long failedBefore;
  private long timer = NONE;
  private boolean open;

  private Routes(
      Route only, Function<Endpoint, RouteOptions> ways, Vertx vertx, Time time, Runnable changed) {
    this.only = only;
    this.ways = ways;
    this.vertx = vertx;
    this.time = time;
    this.changed = changed;
  }

  /**
   * @param changed called whenever {@link #window} or {@link #condition} may have changed
   */
  static Routes toOne(RouteOptions way, Vertx vertx, Time time, Runnable changed) {
    return new Routes(new Route(way, vertx, time, changed), null, vertx, time, changed);
  }

  /**
   * @param ways to a host that a push names
   */
  static Routes toMany(
      Function<Endpoint, RouteOptions> ways, Vertx vertx, Time time, Runnable changed) {
    return new Routes(null, ways, vertx, time, changed);
  }

  void open() {
    open = true;
    if (only == null) {
      changed.run();
    } else {
      only.open();
    }
  }

  /**
   * Sends a push.
   *
   * @param deadline of {@link Time#millis}
   * @return see {@link Route#post}
   */
  Future<Reply> post(Request request, Push push, long deadline) {
    if (only != null) {
      return only.post(request.path(), request.headers(), request.body());
    }
    Endpoint host = host(request);
    HostRoute route = hosts.get(host);
    if (route == null) {
      if (!open) {
        return Future.failedFuture(new NotSentException("not opened, or closed"));
      }
      if (!hasRoom()) {
        return Future.failedFuture(
            new NotSentException("pushes to " + MOST_HOSTS + " other hosts are under way"));
      }
      route = new HostRoute(ways.apply(host), vertx, time, changed);
      hosts.put(host, route);
      lookLater();
    }
    return route.post(request, push.event().kind().isCall(), deadline);
  }

  private static Endpoint host(Request request) {
    return request.host().hasPath() ? request.host().withPath("") : request.host();
  }

  /** See {@link Route#leave}. */
  void leave(Request request, long connection, String why) {
    if (only != null) {
      only.leave(connection, why);
      return;
    }
    HostRoute route = hosts.get(host(request));
    if (route != null) {
      route.leave(connection, why);
    }
  }

  /** How many pushes may be in flight now, wherever they go. */
  int window() {
    if (only != null) {
      return only.window();
    }
    int window = open ? ROOM_ELSEWHERE : 0;
    for (HostRoute host : hosts.values()) {
      window += host.window();
    }
    return window;
  }

  /** How it stands with all of them: they are down when each of them is. */
  Condition condition() {
    if (only != null) {
      return only.condition();
    }
    if (!open) {
      return new Condition(State.CONNECTING, "not opened");
    }
    List<String> troubles =
        hosts.values().stream().map(HostRoute::trouble).flatMap(Optional::stream).toList();
    if (troubles.isEmpty()) {
      return Condition.CONNECTED;
    }
    int others = troubles.size() - 1;
    String why = troubles.get(0) + (others == 0 ? "" : "; and " + others + " more hosts are down");
    return troubles.size() == hosts.size()
        ? new Condition(State.CONNECTING, why)
        : new Condition(State.CONNECTED, why + "; pushes to other hosts go on");
  }

  Connections connections() {
    if (only != null) {
      return only.connections();
    }
    int standing = 0;
    int inFlight = 0;
    long made = madeBefore;
    long failed = failedBefore;
    for (HostRoute host : hosts.values()) {
      Connections its = host.connections();
      standing += its.open();
      inFlight += its.inFlight();
      made += its.made();
      failed += its.failed();
    }
    return new Connections(standing, inFlight, made, failed);
  }

  /** See {@link Route#hurry}; where each push names a host, its own is hurried with it. */
  void hurry(long leftMs) {
    if (only != null) {
      only.hurry(leftMs);
    }
  }

  /** Leaves the host that was not used for longest, if that is necessary. */
  private boolean hasRoom() {
    if (hosts.size() < MOST_HOSTS) {
      return true;
    }
    Endpoint longest = null;
    long idle = -1;
    for (Map.Entry<Endpoint, HostRoute> host : hosts.entrySet()) {
      if (host.getValue().idle() > idle) {
        idle = host.getValue().idle();
        longest = host.getKey();
      }
    }
    if (longest != null) {
      leave(longest);
    }
    return longest != null;
  }

  private void leave(Endpoint host) {
    HostRoute route = hosts.remove(host);
    Connections its = route.connections();
    madeBefore += its.made();
    failedBefore += its.failed();
    Future<Void> end = route.close();
    leaving.add(end);
    end.onComplete(done -> leaving.remove(end));
  }

  private void lookLater() {
    if (timer == NONE) {
      timer = time.timer(LOOK_MS, this::leaveIdle);
    }
  }

  private void leaveIdle() {
    timer = NONE;
    for (Map.Entry<Endpoint, HostRoute> host : List.copyOf(hosts.entrySet())) {
      if (host.getValue().idle() >= IDLE.toNanos()) {
        leave(host.getKey());
      }
    }
    if (!hosts.isEmpty()) {
      lookLater();
    }
    changed.run();
  }

  /** Ends all. Completes when nothing is left of them. */
  Future<Void> close() {
    open = false;
    if (only != null) {
      return only.close();
    }
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
    List.copyOf(hosts.keySet()).forEach(this::leave);
    return Future.join(List.copyOf(leaving)).mapEmpty();
  }
}
