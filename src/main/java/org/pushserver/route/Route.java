// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Time;

/**
 * The way of one application to one push service: a connection that is opened once and kept up for
 * as long as the route is, and further ones while it stays full. When one goes, another is made: at
 * once after one that worked, else after 0.5 s doubling to 30 s. One that stands but is no good any
 * more is left when its replacement stands. One that the peer has asked to leave, or that we leave,
 * still finishes what is in flight on it.
 *
 * <p>It lives on one event loop: all calls come from there, and all that is told is told there.
 */
public final class Route {
  /** A connection that stood so long has worked, whether it was used or not. */
  private static final long WORKED_MS = 5000;

  /**
   * So many requests in a row without an answer raise doubts about a connection whose peer is
   * there, doubling when another does no better. One push that is never answered raises none.
   */
  private static final int PATIENCE = 2;

  private static final int MOST_PATIENCE = 64;

  /** So long after its last request a route that may rest is still kept up. */
  private static final long AWAKE_NANOS = Duration.ofHours(1).toNanos();

  private static final String NOT_NEEDED = "not needed any more";

  private final RouteOptions options;
  private final Time time;
  private final Runnable changed;
  private final RouteLog log;
  private final Connector connector;
  private final Dialer dialer;
  private final Budget budget;
  private final Demand demand;
  private final OpenConnections open = new OpenConnections();
  private final LoadSampler sampler;
  private final Set<Connection> connections = new HashSet<>();

  private long made;
  private long failed;
  private String problem = "not opened";
  private long usedAt;
  private int patience = PATIENCE;
  private boolean opened;
  private boolean resting;
  private boolean closed;

  /**
   * @param changed called whenever {@link #window} or {@link #condition} may have changed
   */
  public Route(RouteOptions options, Vertx vertx, Time time, Runnable changed) {
    this.options = options;
    this.time = time;
    this.changed = changed;
    this.log = new RouteLog(options);
    this.usedAt = time.nanos() - AWAKE_NANOS;
    this.budget = new Budget(options.limits().requestsPerConnection());
    this.connector = new Connector(options, budget, vertx, time);
    Upkeep upkeep = new Upkeep();
    this.dialer =
        new Dialer(() -> connector.connect(upkeep), () -> DialQueue.here(vertx), time, upkeep);
    this.demand = new Demand(options.limits().maxConnections());
    this.sampler = new LoadSampler(time, open, demand, this::adjust);
  }

  /** Starts to connect, and goes on trying until {@link #close}. A second call does nothing. */
  public void open() {
    if (!opened && !closed) {
      opened = true;
      problem = "connecting for the first time";
      adjust();
    }
  }

  /**
   * How many requests may be in flight now, those that are counted; 0 while there is no connection.
   * A route at rest says 1, and opens its connection when a request comes.
   */
  public int window() {
    if (open.isEmpty()) {
      return resting ? 1 : 0;
    }
    int window = open.free();
    for (Connection connection : connections) {
      window += connection.inFlight();
    }
    return window;
  }

  /**
   * Whether new requests still go over this connection.
   *
   * @param connection of {@link Reply#connection}
   */
  public boolean uses(long connection) {
    return open.find(connection) != null;
  }

  /** What its connections do, those included that have been left but not yet ended. */
  public Connections connections() {
    int inFlight = connections.stream().mapToInt(Connection::inFlight).sum();
    return new Connections(open.size(), inFlight, made, failed);
  }

  /** How it stands with the route; never {@link State#REFUSED}. */
  public Condition condition() {
    if (!open.isEmpty()) {
      return open.isBarred() ? new Condition(State.CONNECTING, barred()) : Condition.CONNECTED;
    }
    return resting
        ? new Condition(State.CONNECTED, "idle; will connect with the next push")
        : new Condition(State.CONNECTING, problem);
  }

  private String barred() {
    return options.peer() + " takes the connection, but allows no pushes on it";
  }

  /**
   * A push waits for a connection: no pause between two tries to make one is long then.
   *
   * @param leftMs so long it is worth to be sent
   */
  public void hurry(long leftMs) {
    dialer.hurry(leftMs);
  }

  /**
   * Sends one request.
   *
   * @param path beginning with a slash
   * @param headers names in lower case, without the pseudo headers and the length
   * @return completes with the answer, whatever its status; fails with {@link NotSentException}
   *     when the peer certainly did not process the request, also when the {@link #window} is full
   *     or the route was at rest, and with anything else when it may have
   */
  public Future<Reply> post(String path, MultiMap headers, Buffer body) {
    Connection connection = open.roomiest();
    if (connection == null) {
      return Future.failedFuture(notNow());
    }
    Future<Reply> reply = connection.post(path, headers, body);
    if (open.wasLast()) {
      sampler.full();
    }
    return reply;
  }

  private NotSentException notNow() {
    if (!open.isEmpty()) {
      return new NotSentException(options.peer() + " takes no more requests now");
    }
    if (resting) {
      resting = false;
      problem = "connecting again after a rest";
      usedAt = time.nanos();
      dialer.dial();
    }
    return new NotSentException("no connection to " + options.peer());
  }

  /**
   * Leaves a connection that has become useless for a new one, as after a refused credential; what
   * is in flight is still answered over the old one. Does nothing when it has been left before.
   *
   * @param connection of {@link Reply#connection}
   * @param why in an operator's words
   */
  public void leave(long connection, String why) {
    Connection useless = open.find(connection);
    if (useless != null) {
      useless.leave(why);
    }
  }

  /** Ends the route. What is in flight fails. Completes when nothing is left of it. */
  public Future<Void> close() {
    closed = true;
    resting = false;
    sampler.close();
    List<Future<Void>> ends = new ArrayList<>();
    dialer.close();
    ends.add(connector.close());
    for (Connection connection : List.copyOf(connections)) {
      if (connection.owesNothing()) {
        connection.leave(NOT_NEEDED);
      } else {
        connection.cut(NOT_NEEDED);
      }
      ends.add(connection.end());
    }
    return Future.join(ends).mapEmpty();
  }

  /** Opens or leaves connections until there are as many as are wanted. */
  private void adjust() {
    if (closed) {
      return;
    }
    if (resting) {
      dialer.rest();
      return;
    }
    // One that is to be replaced keeps taking requests, but does not count.
    int good = open.size() - open.wornOut().size();
    if (good < demand.wanted()) {
      dialer.dial();
      return;
    }
    dialer.rest();
    if (good > demand.wanted()) {
      open.newest().leave(NOT_NEEDED);
    }
  }

  /** What happens to the connections, and what is done about it. */
  private final class Upkeep implements Dialer.Caller, Connection.Owner {
    @Override
    public void connected(Connection connection) {
      made++;
      connections.add(connection);
      connection.end().onComplete(done -> connections.remove(connection));
      if (closed) {
        connection.leave(NOT_NEEDED);
        return;
      }
      resting = false;
      open.add(connection);
      log.connected(connection, open.size());
      open.wornOut().forEach(this::replace);
      adjust();
      changed.run();
    }

    private void replace(Connection worn) {
      if (worn.isSilent()) {
        worn.cut("nothing is heard on it, another stands");
      } else {
        budget.kept();
        worn.leave("replaced by another");
      }
    }

    @Override
    public void notConnected(String why, long pauseMs) {
      failed++;
      // Now it is two signs that the peer cannot be reached.
      open.wornOut().stream()
          .filter(Connection::isSilent)
          .forEach(silent -> silent.cut("nothing is heard on it"));
      adjust();
      if (open.isEmpty()) {
        problem = why;
        log.notConnected(why, pauseMs);
        changed.run();
      } else {
        log.noFurtherConnection(why, pauseMs);
      }
    }

    @Override
    public void windowChanged() {
      changed.run();
    }

    @Override
    public void wornOut(Connection connection) {
      if (connection.isBarred()) {
        dialer.backOff();
        log.barred(barred());
        changed.run();
      }
      adjust();
    }

    @Override
    public void unanswered(Connection connection, int inARow) {
      if (connection.replies() > 0) {
        patience = PATIENCE;
      }
      if (inARow >= patience && !connection.isWorn()) {
        patience = Math.min(MOST_PATIENCE, 2 * patience);
        connection.wearOut();
      }
    }

    @Override
    public void left(Connection connection, String why) {
      if (!open.remove(connection)) {
        return;
      }
      log.left(connection, why);
      if (closed) {
        return;
      }
      problem = why;
      boolean worked =
          connection.replies() > 0 || (connection.ageMs() >= WORKED_MS && !connection.isBarred());
      if (worked) {
        dialer.reset();
      } else if (!connection.isWorn()) {
        dialer.backOff();
      }
      if (connection.wasToldToGo()) {
        budget.closedAfter(connection.taken());
      }
      if (connection.wasUsed() && connection.usedAt() - usedAt > 0) {
        usedAt = connection.usedAt();
      }
      if (connection.inFlight() == 0) {
        leftIdle(worked);
      }
      adjust();
      changed.run();
    }

    /** What nobody used need not be replaced, at least not at once. */
    private void leftIdle(boolean worked) {
      demand.settleFor(open.size());
      resting =
          worked
              && open.isEmpty()
              && options.whenIdle() == WhenIdle.LET_GO
              && time.nanos() - usedAt >= AWAKE_NANOS;
    }
  }
}
