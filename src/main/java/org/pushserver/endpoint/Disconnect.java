// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Ends a connection without another word. Vert.x's own close first writes what is left to write,
 * and so never comes to its end when the other side reads nothing. Event loop of the connection.
 */
public final class Disconnect {
  private Disconnect() {}

  /** What carries a connection of a server. */
  public static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /** Ends it now. */
  public static void now(Channel channel) {
    channel.pipeline().firstContext().close();
  }
}
