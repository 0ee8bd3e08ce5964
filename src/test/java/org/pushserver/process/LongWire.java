// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;

/** A way to a port on loopback that takes its time, in either direction. Ends with its Vert.x. */
final class LongWire {
  private final Vertx vertx;
  private final String address;
  private final int port;
  private final long delayMs;
  private final NetClient client;
  private final NetServer server;

  /**
   * Begins to take connections.
   *
   * @param address where they lead to
   */
  LongWire(Vertx vertx, String address, int port, long delayMs) {
    this.vertx = vertx;
    this.address = address;
    this.port = port;
    this.delayMs = delayMs;
    this.client = vertx.createNetClient();
    this.server =
        await(vertx.createNetServer().connectHandler(this::connected).listen(0, "127.0.0.1"));
  }

  /** Where it begins. */
  int port() {
    return server.actualPort();
  }

  private void connected(NetSocket from) {
    from.pause();
    client
        .connect(port, address)
        .onFailure(refused -> from.close())
        .onSuccess(
            to -> {
              join(from, to);
              join(to, from);
              from.resume();
            });
  }

  private void join(NetSocket from, NetSocket to) {
    from.exceptionHandler(broken -> {});
    from.handler(bytes -> later(() -> to.write(bytes)));
    from.closeHandler(closed -> later(to::close));
  }

  private void later(Runnable what) {
    vertx.setTimer(delayMs, over -> what.run());
  }
}
