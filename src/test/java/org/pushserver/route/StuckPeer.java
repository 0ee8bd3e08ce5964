// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A peer that greets in HTTP/2 and then reads nothing of what its first connection sends, until it
 * is told to. It never answers.
 */
final class StuckPeer {
  private static final int SETTINGS = 4;
  private static final int MAX_CONCURRENT_STREAMS = 3;

  private final Vertx vertx;
  private final KeyCertOptions certificate;
  private final Promise<Throwable> ended = Promise.promise();
  private final Promise<Void> another = Promise.promise();
  private final AtomicLong bytes = new AtomicLong();
  private volatile NetSocket stuck;
  private NetServer server;

  StuckPeer(Vertx vertx, KeyCertOptions certificate) {
    this.vertx = vertx;
    this.certificate = certificate;
  }

  Future<Integer> start() {
    NetServerOptions options =
        new NetServerOptions()
            .setHost("127.0.0.1")
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(certificate)
            .setReceiveBufferSize(4096);
    options.getSslOptions().setApplicationLayerProtocols(List.of("h2"));
    server = vertx.createNetServer(options).connectHandler(this::connected);
    return server.listen(0).map(NetServer::actualPort);
  }

  private void connected(NetSocket socket) {
    if (stuck == null) {
      stuck = socket;
      socket.pause();
      socket.handler(piece -> bytes.addAndGet(piece.length()));
      socket.exceptionHandler(ended::tryComplete);
      socket.closeHandler(closed -> ended.tryComplete());
    } else {
      socket.handler(piece -> {});
      another.tryComplete();
    }
    var unused =
        socket.write(
            Buffer.buffer()
                .appendMedium(6)
                .appendByte((byte) SETTINGS)
                .appendByte((byte) 0)
                .appendInt(0)
                .appendShort((short) MAX_CONCURRENT_STREAMS)
                .appendInt(1000));
  }

  /** Completes when there has been a second connection. */
  Future<Void> another() {
    return another.future();
  }

  /**
   * Reads all that there is to read on the first connection.
   *
   * @return completes with how it ended; null when that was in the orderly way
   */
  Future<Throwable> readToTheEnd() {
    stuck.resume();
    return ended.future();
  }

  /** How many bytes have been read. */
  long bytes() {
    return bytes.get();
  }
}
