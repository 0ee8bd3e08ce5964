// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A wire between a client and its peer on loopback that can break in every way that wires do. Any
 * thread; what is returned completes when it has happened.
 */
public final class Relay {
  /** One connection through it. */
  private final class Pair {
    private final NetSocket client;
    private NetSocket peer;
    private boolean dead;

    Pair(NetSocket client) {
      this.client = client;
      // Whoever is on the other side is not told that a dead wire's end has gone.
      client.exceptionHandler(broken -> {});
      client.closeHandler(closed -> ended(peer));
      client.handler(bytes -> {});
    }

    void connect() {
      client.pause();
      net.connect(target, "127.0.0.1").onComplete(this::join, refused -> client.close());
    }

    private void join(NetSocket socket) {
      peer = socket;
      peer.exceptionHandler(broken -> {});
      peer.closeHandler(closed -> ended(client));
      forward(client, peer);
      forward(peer, client);
      if (!held) {
        client.resume();
      }
    }

    private void forward(NetSocket from, NetSocket to) {
      from.handler(
          bytes -> {
            if (!dead) {
              to.write(bytes);
            }
          });
    }

    private void ended(NetSocket other) {
      if (!dead && other != null) {
        other.close();
      }
    }

    void each(Consumer<NetSocket> action) {
      action.accept(client);
      if (peer != null) {
        action.accept(peer);
      }
    }
  }

  private record Wait(int count, Promise<Void> come) {}

  private final List<Wait> waits = new ArrayList<>();
  private final Context context;
  private final NetClient net;
  private final Vertx vertx;
  private final List<Pair> pairs = new ArrayList<>();
  private NetServer server;
  private int target;
  private int port;
  private boolean dropping;
  private boolean held;
  private int accepted;

  /**
   * @param target the peer's port
   */
  public Relay(Vertx vertx, int target) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.net = vertx.createNetClient();
    this.target = target;
  }

  /** Begins to take connections, and to forward. */
  public Future<Relay> start() {
    return accept().map(this);
  }

  /** Where clients connect to. */
  public int port() {
    return port;
  }

  /** How many connections it has taken. */
  public synchronized int accepted() {
    return accepted;
  }

  /** Completes when it has taken so many connections. */
  public synchronized Future<Void> untilAccepted(int count) {
    Promise<Void> come = Promise.promise();
    if (accepted >= count) {
      come.complete();
    } else {
      waits.add(new Wait(count, come));
    }
    return come.future();
  }

  private void count() {
    List<Wait> met;
    synchronized (this) {
      int now = ++accepted;
      met = waits.stream().filter(wait -> wait.count() <= now).toList();
      waits.removeAll(met);
    }
    met.forEach(wait -> wait.come().complete());
  }

  /** Takes connections, again after {@link #refuse}, at the same port. */
  public Future<Void> accept() {
    return run(
        () -> {
          server = vertx.createNetServer().connectHandler(this::connected);
          return server
              .listen(port, "127.0.0.1")
              .map(
                  listening -> {
                    port = listening.actualPort();
                    return null;
                  });
        });
  }

  /** Ends all connections and refuses new ones, as a host without the service does. */
  public Future<Void> refuse() {
    // Closing the server closes its connections too, but Vert.x does not wait for that.
    return run(() -> server.close()).compose(refusing -> cut());
  }

  private void connected(NetSocket client) {
    count();
    Pair pair = new Pair(client);
    pairs.add(pair);
    pair.dead = dropping;
    if (!dropping) {
      pair.connect();
    }
  }

  /** Leads new connections to another port. */
  public Future<Void> target(int newTarget) {
    return run(() -> target = newTarget);
  }

  /**
   * Lets both ends stand and drops everything between them, of old and new connections, as when the
   * peer vanishes. No end is told that the other has gone.
   */
  public Future<Void> drop() {
    return run(
        () -> {
          dropping = true;
          pairs.forEach(pair -> pair.dead = true);
        });
  }

  /** Forwards new connections again; those that have dropped something never come back. */
  public Future<Void> forward() {
    return run(() -> dropping = false);
  }

  /** Keeps back what is sent in either direction, of old and new connections. */
  public Future<Void> hold() {
    return run(
        () -> {
          held = true;
          pairs.forEach(pair -> pair.each(NetSocket::pause));
        });
  }

  /** Delivers what was kept back, and all that follows. */
  public Future<Void> release() {
    return run(
        () -> {
          held = false;
          pairs.stream()
              .filter(pair -> pair.peer != null || pair.dead)
              .forEach(pair -> pair.each(NetSocket::resume));
        });
  }

  /** Ends all connections with FIN to both ends. */
  public Future<Void> cut() {
    return end(socket -> {});
  }

  /** Ends all connections with RST to both ends. */
  public Future<Void> reset() {
    return end(
        socket ->
            ((NetSocketInternal) socket)
                .channelHandlerContext()
                .channel()
                .config()
                .setOption(ChannelOption.SO_LINGER, 0));
  }

  private Future<Void> end(Consumer<NetSocket> before) {
    return run(
        () -> {
          List<Future<Void>> ends = new ArrayList<>();
          for (Pair pair : pairs) {
            pair.each(
                socket -> {
                  before.accept(socket);
                  ends.add(socket.close());
                });
          }
          pairs.clear();
          return Future.join(ends).mapEmpty();
        });
  }

  private Future<Void> run(Runnable action) {
    return run(
        () -> {
          action.run();
          return Future.succeededFuture();
        });
  }

  private Future<Void> run(Supplier<Future<Void>> action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(turn -> action.get().onComplete(done));
    return done.future();
  }
}
