// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator reads about one route: what changes, and not that it stays as it is. */
final class RouteLog {
  private static final Logger LOG = LoggerFactory.getLogger(Route.class);

  private final String label;
  private final String peer;
  private final String way;
  private boolean failing;
  private boolean barred;

  RouteLog(RouteOptions options) {
    this.label = options.label();
    this.peer = options.peer();
    Proxy proxy = options.target().proxy();
    this.way = proxy == null ? "" : " through the proxy " + proxy;
  }

  /**
   * @param count how many connections there are now
   */
  void connected(Connection connection, int count) {
    failing = false;
    barred &= connection.isBarred();
    LOG.info(
        "[{}] connected to {}{} over {}, {} requests at a time{}",
        label,
        peer,
        way,
        connection.isHttp2() ? "HTTP/2" : "HTTP/1.1",
        connection.free(),
        count == 1 ? "" : "; connection " + count);
  }

  void left(Connection connection, String why) {
    LOG.info(
        "[{}] left the connection to {} after {} s and {} answers: {}",
        label,
        peer,
        connection.ageMs() / 1000,
        connection.replies(),
        why);
  }

  void notConnected(String why, long pauseMs) {
    if (failing) {
      LOG.debug("[{}] no connection to {}: {}; next try in {} ms", label, peer, why, pauseMs);
    } else {
      failing = true;
      LOG.info("[{}] no connection to {}: {}; trying until there is", label, peer, why);
    }
  }

  /** The peer takes connections, but no requests. */
  void barred(String why) {
    if (!barred) {
      barred = true;
      LOG.warn("[{}] {}; trying other connections", label, why);
    }
  }

  void noFurtherConnection(String why, long pauseMs) {
    LOG.debug("[{}] no further connection to {}: {}; next try in {} ms", label, peer, why, pauseMs);
  }
}
