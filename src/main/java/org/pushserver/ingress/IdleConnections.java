// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.spi.Time;

/**
 * Closes connections whose caller leaves us waiting: for a request, or for the rest of one.
 * Vert.x's idle time-out cannot do it, because it would also cut off a caller who waits for us, for
 * as long as a push may take. Confined to one event loop.
 */
final class IdleConnections {
  private static final long LIMIT_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long SWEEP_MS = Duration.ofSeconds(5).toMillis();

  private final Time time;
  private final Map<HttpConnection, Use> connections = new HashMap<>();
  private long timer;

  /** What a connection is doing. */
  private static final class Use {
    private int working;
    private long since;
  }

  IdleConnections(Time time) {
    this.time = time;
  }

  /** Starts to look, every few seconds. */
  void start() {
    timer = time.timer(SWEEP_MS, this::sweep);
  }

  /** Looks no more. */
  void stop() {
    time.cancel(timer);
  }

  void opened(HttpConnection connection) {
    Use use = new Use();
    use.since = time.nanos();
    connections.put(connection, use);
    connection.closeHandler(closed -> connections.remove(connection));
  }

  /** A request has arrived on the connection, at least its head. */
  void used(HttpConnection connection) {
    change(connection, 0);
  }

  /** A request is complete, and its caller waits for us; to be paired with {@link #answered}. */
  void working(HttpConnection connection) {
    change(connection, 1);
  }

  void answered(HttpConnection connection) {
    change(connection, -1);
  }

  private void change(HttpConnection connection, int difference) {
    Use use = connections.get(connection);
    if (use != null) {
      use.working += difference;
      use.since = time.nanos();
    }
  }

  private void sweep() {
    long now = time.nanos();
    List<HttpConnection> idle = new ArrayList<>();
    connections.forEach(
        (connection, use) -> {
          if (use.working == 0 && now - use.since >= LIMIT_NANOS) {
            idle.add(connection);
          }
        });
    // Apart from the search: closing may change the map.
    idle.forEach(HttpConnection::close);
    start();
  }
}
