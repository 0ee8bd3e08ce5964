// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between two peers and passes on every byte, until it is told to swallow all that comes: so
 * a network looks in which something died without a word. Any thread.
 */
public final class Relay {
  private final Vertx vertx;
  private final int target;
  private final NetClient client;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private NetServer server;

  /** One connection that passes through; what it swallows is gone. */
  private static final class Line {
    private volatile boolean silent;

    void pass(NetSocket from, NetSocket to) {
      from.handler(
          bytes -> {
            if (!silent) {
              to.write(bytes);
            }
          });
      from.closeHandler(
          closed -> {
            if (!silent) {
              to.close();
            }
          });
    }
  }

  /**
   * @param target the port on loopback that it leads to
   */
  public Relay(Vertx vertx, int target) {
    this.vertx = vertx;
    this.target = target;
    this.client = vertx.createNetClient();
  }

  /** Starts to listen on loopback; completes with the port. */
  public Future<Integer> start() {
    server = vertx.createNetServer().connectHandler(this::accept);
    return server.listen(0, "127.0.0.1").map(NetServer::actualPort);
  }

  private void accept(NetSocket near) {
    near.pause();
    client
        .connect(target, "127.0.0.1")
        .onSuccess(
            far -> {
              Line line = new Line();
              lines.add(line);
              line.pass(near, far);
              line.pass(far, near);
              near.resume();
            })
        .onFailure(
            cause -> {
              near.close();
            });
  }

  /** From now on nothing passes on the connections that there are; later ones work. */
  public void silence() {
    lines.forEach(line -> line.silent = true);
  }
}
