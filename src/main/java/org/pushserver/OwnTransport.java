// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.route.GatheringTransport;

/**
 * The transport of a process that is a server and nothing else: a server in another process may
 * listen on the same ports, and take over. Any thread.
 */
final class OwnTransport extends GatheringTransport {
  private final Set<ListeningChannel> listening = ConcurrentHashMap.newKeySet();

  private OwnTransport() {}

  /** For {@link io.vertx.core.VertxBuilder#withTransport}. */
  static Transport open() {
    return new TransportInternal("nio", true, null, new OwnTransport());
  }

  /** Vert.x heeds {@code reusePort} with native transports alone. */
  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    if (options.isReusePort() && !domainSocket) {
      bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
    }
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return domainSocket ? super.serverChannelFactory(true) : this::listeningChannel;
  }

  private ListeningChannel listeningChannel() {
    ListeningChannel channel = new ListeningChannel();
    listening.add(channel);
    channel.closeFuture().addListener(closed -> listening.remove(channel));
    return channel;
  }

  /**
   * Closes all ports on which a Vert.x with this transport listens: from then on the kernel gives
   * connections to the other server. Those that it has given already stay, and so do their servers.
   * To be called before a server is shut down: while that goes on, Vert.x closes what comes in.
   *
   * @return completes when no port is open any more
   */
  static Future<Void> stopListening(Vertx vertx) {
    List<ListeningChannel> open =
        ((VertxInternal) vertx).transport() instanceof OwnTransport own
            ? List.copyOf(own.listening)
            : List.of();
    return Future.join(open.stream().map(OwnTransport::close).toList()).mapEmpty();
  }

  private static Future<Void> close(ListeningChannel channel) {
    Promise<Void> closed = Promise.promise();
    channel.close().addListener(done -> closed.complete());
    return closed.future();
  }
}
