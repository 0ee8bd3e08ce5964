// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one application to one push service: a connection that is opened once and kept up for
 * as long as the route is. When it goes, another is made: at once after one that worked, else after
 * 0.5 s doubling to 30 s. One that the peer has asked to leave, or that we leave, still finishes
 * what is in flight on it.
 *
 * <p>It lives on one event loop: all calls come from there, and all that is told is told there.
 */
public final class Route {
  private static final Logger LOG = LoggerFactory.getLogger(Route.class);

  /** A connection that stood so long has worked, whether it was used or not. */
  private static final long WORKED_MS = 30_000;

  private static final long NONE = -1;

  private final RouteOptions options;
  private final Time time;
  private final Runnable windowChanged;
  private final Connector connector;
  private final ReconnectDelay delay =
      new ReconnectDelay(() -> ThreadLocalRandom.current().nextDouble());
  private final Set<Connection> connections = new HashSet<>();
  private final Connection.Owner owner =
      new Connection.Owner() {
        @Override
        public void windowChanged() {
          windowChanged.run();
        }

        @Override
        public void left(Connection connection, String why) {
          replace(connection, why);
        }
      };

  private Connection current;
  private String problem = "not opened";
  private long retryTimer = NONE;
  private boolean opened;
  private boolean failing;
  private boolean closed;

  /**
   * @param windowChanged called whenever {@link #window} may have changed
   */
  public Route(RouteOptions options, Vertx vertx, Time time, Runnable windowChanged) {
    this.options = options;
    this.time = time;
    this.windowChanged = windowChanged;
    this.connector = new Connector(options, vertx, time);
  }

  /** Starts to connect, and goes on trying until {@link #close}. A second call does nothing. */
  public void open() {
    if (!opened && !closed) {
      opened = true;
      problem = "connecting for the first time";
      connect();
    }
  }

  /**
   * How many requests may be in flight now, those that are counted; 0 while there is no connection.
   */
  public int window() {
    if (current == null) {
      return 0;
    }
    int window = current.free();
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
    return current != null && current.number() == connection;
  }

  /** Why there is no connection, in an operator's words; empty while there is one. */
  public Optional<String> problem() {
    return current == null ? Optional.of(problem) : Optional.empty();
  }

  /**
   * Sends one request.
   *
   * @param path beginning with a slash
   * @param headers names in lower case, without the pseudo headers and the length
   * @return completes with the answer, whatever its status; fails with {@link NotSentException}
   *     when the peer certainly did not process the request, also when the {@link #window} is full,
   *     and with anything else when it may have
   */
  public Future<Reply> post(String path, MultiMap headers, Buffer body) {
    if (current == null) {
      return Future.failedFuture(new NotSentException("no connection to " + options.peer()));
    }
    return current.post(path, headers, body);
  }

  /**
   * Leaves a connection for a new one, as after a refused credential; what is in flight is still
   * answered over the old one. Does nothing when it has been left before.
   *
   * @param connection of {@link Reply#connection}
   * @param why in an operator's words
   */
  public void leave(long connection, String why) {
    if (uses(connection)) {
      current.leave(why);
    }
  }

  /** Ends the route. What is in flight fails. Completes when nothing is left of it. */
  public Future<Void> close() {
    closed = true;
    if (retryTimer != NONE) {
      time.cancel(retryTimer);
      retryTimer = NONE;
    }
    List<Future<Void>> ends = new ArrayList<>();
    ends.add(connector.close());
    for (Connection connection : List.copyOf(connections)) {
      connection.cut("no longer needed");
      ends.add(connection.end());
    }
    return Future.join(ends).mapEmpty();
  }

  private void connect() {
    retryTimer = NONE;
    connector.connect(owner).onComplete(this::connected, this::connectFailed);
  }

  private void connected(Connection connection) {
    connections.add(connection);
    connection.end().onComplete(done -> connections.remove(connection));
    if (closed) {
      connection.cut("no longer needed");
      return;
    }
    failing = false;
    current = connection;
    LOG.info(
        "connected to {} over {}, {} requests at a time",
        options.peer(),
        connection.isHttp2() ? "HTTP/2" : "HTTP/1.1",
        connection.free());
    windowChanged.run();
  }

  private void connectFailed(Throwable cause) {
    if (closed) {
      return;
    }
    long wait = delay.next();
    problem = said(cause);
    if (failing) {
      LOG.debug("no connection to {}: {}; next try in {} ms", options.peer(), problem, wait);
    } else {
      failing = true;
      LOG.warn("no connection to {}: {}; trying until there is", options.peer(), problem);
    }
    retryTimer = time.timer(wait, this::connect);
  }

  /** An exception of the TLS engine says what is wrong in its cause. */
  private static String said(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String first = String.valueOf(cause.getMessage());
    if (root == cause) {
      return first;
    }
    String last = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return first.contains(last) ? first : first + " (" + last + ')';
  }

  private void replace(Connection connection, String why) {
    if (connection != current) {
      return;
    }
    current = null;
    problem = why;
    LOG.info(
        "left the connection to {} after {} s and {} answers: {}",
        options.peer(),
        connection.ageMs() / 1000,
        connection.replies(),
        why);
    if (closed) {
      return;
    }
    if (connection.replies() > 0 || connection.ageMs() >= WORKED_MS) {
      delay.reset();
      connect();
    } else {
      retryTimer = time.timer(delay.next(), this::connect);
    }
    windowChanged.run();
  }
}
