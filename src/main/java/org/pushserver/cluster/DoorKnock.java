// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.spi.Time;

/**
 * Looks at the HTTP door of a server that has left the cluster. Each server tells the others where
 * its door is as long as they belong together. Any thread.
 *
 * <p>Whatever comes back over the connection is a sign of life, also that it is closed at once: a
 * process that is frozen does neither. So it does not matter whether the door speaks TLS or whom it
 * lets in.
 */
final class DoorKnock implements SignOfLife {
  /** What is asked by this name, over the event bus of the cluster. */
  private static final String NAME = "door";

  private static final String KNOCK =
      "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private static final int CONNECT_MS = 500;
  private static final long ANSWER_MS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long ASK_AGAIN_MS = 1_000;
  private static final char BETWEEN = ' ';
  private static final String NOWHERE = "";

  private final Nodes nodes;
  private final Time time;
  private final NetClient client;
  private final Map<Node, SocketAddress> doors = new ConcurrentHashMap<>();

  /** As it is told; null before it is known, {@link #NOWHERE} when others do not reach it. */
  private volatile String own;

  DoorKnock(Vertx vertx, Nodes nodes, Time time) {
    this.nodes = nodes;
    this.time = time;
    this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MS));
    nodes.answer(NAME, (asker, nothing) -> tell());
    nodes.watch(this::changed);
    changed(nodes.members());
  }

  /** Says where this server's door is, from now on. */
  void opened(String host, int port) {
    own = host + BETWEEN + port;
  }

  /** Says that others do not reach it: at that address each would find its own. */
  void hidden() {
    own = NOWHERE;
  }

  private Future<Buffer> tell() {
    String door = own;
    return door == null
        ? Future.failedFuture("there is no door yet")
        : Future.succeededFuture(Buffer.buffer(door));
  }

  private void changed(List<Node> members) {
    members.stream()
        .filter(node -> !node.equals(nodes.self()) && !doors.containsKey(node))
        .forEach(this::ask);
  }

  private void ask(Node node) {
    nodes
        .ask(node, NAME, Buffer.buffer(), PATIENCE)
        .map(Buffer::toString)
        .onSuccess(
            door -> {
              if (!door.equals(NOWHERE)) {
                doors.put(node, address(door));
              }
            })
        .onFailure(
            cause -> {
              if (nodes.members().contains(node)) {
                time.timer(ASK_AGAIN_MS, () -> ask(node));
              }
            });
  }

  private static SocketAddress address(String text) {
    int between = text.lastIndexOf(BETWEEN);
    return SocketAddress.inetSocketAddress(
        Integer.parseInt(text.substring(between + 1)), text.substring(0, between));
  }

  @Override
  public Future<Sign> look(Node node) {
    SocketAddress door = doors.get(node);
    if (door == null) {
      return Future.succeededFuture(Sign.NONE);
    }
    if (nodes.members().stream()
        .anyMatch(other -> !other.equals(node) && door.equals(doors.get(other)))) {
      // Another process has its door, and belongs to the cluster.
      return Future.succeededFuture(Sign.GONE);
    }
    return client
        .connect(door)
        .compose(
            this::knock,
            cause ->
                Future.succeededFuture(
                    cause instanceof ConnectException && isRefused(cause) ? Sign.GONE : Sign.NONE));
  }

  /** And not a time-out, or that there is no way there. */
  private static boolean isRefused(Throwable cause) {
    return cause.getMessage() != null && cause.getMessage().contains("refused");
  }

  private Future<Sign> knock(NetSocket socket) {
    Promise<Sign> sign = Promise.promise();
    socket.handler(answer -> sign.tryComplete(Sign.ALIVE));
    socket.closeHandler(closed -> sign.tryComplete(Sign.ALIVE));
    socket.exceptionHandler(cause -> sign.tryComplete(Sign.ALIVE));
    long timer = time.timer(ANSWER_MS, () -> sign.tryComplete(Sign.NONE));
    Future<Void> unused = socket.write(KNOCK);
    return sign.future()
        .onComplete(
            done -> {
              time.cancel(timer);
              Future<Void> unusedClose = socket.close();
            });
  }

  /** Ends. */
  Future<Void> close() {
    return client.close();
  }
}
