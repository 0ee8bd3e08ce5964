// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.config.AddressList;
import org.pushserver.config.Limits;
import org.pushserver.endpoint.Disconnect;
import org.pushserver.endpoint.StrictDecoder;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of one router verticle: not too many of them, and none whose client leaves
 * us waiting. Vert.x's idle time-out cannot do that, because it would also cut off a client who
 * waits for us, for as long as a push may take. Confined to one event loop.
 */
final class ClientConnections {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnections.class);

  /** Bytes of answers that one client may leave unread. */
  private static final long MOST_UNREAD = 1024 * 1024;

  /**
   * The same of short ones over HTTP/1.1: only who asks ahead and reads nothing comes to so many.
   */
  private static final long MOST_SHORT_UNREAD = 128 * 1024;

  /** What Vert.x calls its handler that closes an idle connection. */
  private static final String BEFORE_HTTP = "idle";

  /** A client with fewer requests that wait for nothing of ours is not the one that fills us up. */
  private static final int GREEDY = 8;

  private final IngressState state;
  private final Time time;
  private final Map<HttpConnection, Client> clients = new HashMap<>();
  private final RareWarning tooManyConnections = new RareWarning();
  private final RareWarning tooManyRequests = new RareWarning();
  private int open;

  /** One connection. */
  final class Client {
    private final String address;
    private final Channel channel;
    private final boolean oneAtATime;

    /** HTTP/2 alone: over HTTP/1.1 it is one at a time. */
    private int open;

    private int working;
    private long owed;
    private long since;
    private boolean closing;
    private boolean cut;
    private AddressList list;
    private boolean allowed;

    private Client(String address, Channel channel, boolean oneAtATime, long now) {
      this.address = address;
      this.channel = channel;
      this.oneAtATime = oneAtATime;
      this.since = now;
    }

    void requestOpened() {
      open++;
      if (!cut) {
        ClientConnections.this.open++;
      }
    }

    void requestClosed() {
      open--;
      if (!cut) {
        ClientConnections.this.open--;
      }
    }

    /** Requests for which nobody but the client does anything: unfinished, or never read. */
    private int idleRequests() {
      return open - working;
    }

    /** Whether it is about to lose its connection, so that what it asks counts no more. */
    boolean isClosing() {
      return closing;
    }

    /** It loses its connection when the last answer is on its way, or at the next look. */
    void closing() {
      closing = true;
    }

    /** Ends its connection without another word. */
    void cut() {
      closing = true;
      if (!cut) {
        // At once: it takes a turn of the event loop until the codec has closed them all.
        ClientConnections.this.open -= open;
        cut = true;
      }
      Disconnect.now(channel);
    }

    /** Whether it has left more unread than anybody may. */
    boolean isDeaf() {
      long unread = channel.bytesBeforeWritable();
      return owed + unread > (owed == 0 && oneAtATime ? MOST_SHORT_UNREAD : MOST_UNREAD);
    }

    /** Counts a long answer until it is on its way. */
    void owes(int bytes, Future<Void> sent) {
      owed += bytes;
      sent.onComplete(done -> owed -= bytes);
    }

    /** The IP address at its other end. */
    String address() {
      return address;
    }

    /** Whether that address is on the list; looked up once for each version of the list. */
    boolean isOn(AddressList now) {
      if (!now.equals(list)) {
        list = now;
        allowed = now.contains(address);
      }
      return allowed;
    }
  }

  ClientConnections(IngressState state, Time time) {
    this.state = state;
    this.time = time;
  }

  /**
   * Takes a new connection, or closes it at once when there are too many.
   *
   * @param options of its server
   */
  void opened(HttpConnection connection, HttpServerOptions options) {
    Limits limits = state.policy().now().limits();
    if (state.connections().incrementAndGet() > limits.maxClients()) {
      state.connections().decrementAndGet();
      state.meters().connectionRefused();
      connection.close();
      if (tooManyConnections.isDue(time.nanos())) {
        LOG.warn(
            "{} connections are open: further ones are closed (max_clients)", limits.maxClients());
      }
      return;
    }
    Channel channel = Disconnect.channel(connection);
    if (channel.pipeline().get(BEFORE_HTTP) != null) {
      channel.pipeline().remove(BEFORE_HTTP);
    }
    boolean oneAtATime = StrictDecoder.install(channel, options);
    Client client =
        new Client(address(connection.remoteAddress()), channel, oneAtATime, time.nanos());
    Http2Guard.watch(channel, client, state.maxRequests());
    clients.put(connection, client);
    connection.closeHandler(
        closed -> {
          clients.remove(connection);
          state.connections().decrementAndGet();
        });
  }

  /**
   * Whether one more request fits into the memory. When they are too many, the client that holds
   * most of those on which nothing of ours is at work loses its connection.
   */
  boolean haveRoom() {
    if (open <= state.mostOpen()) {
      return true;
    }
    Client greediest = null;
    for (Client client : clients.values()) {
      if (greediest == null || client.idleRequests() > greediest.idleRequests()) {
        greediest = client;
      }
    }
    if (tooManyRequests.isDue(time.nanos())) {
      LOG.warn(
          "{} requests are open on one thread of the server: whoever leaves most of them unfinished"
              + " loses its connection, others get 503",
          open);
    }
    if (greediest != null && greediest.idleRequests() >= GREEDY) {
      greediest.cut();
    }
    return open <= state.mostOpen();
  }

  /** The client of a connection; null when it was one too many, or is gone. */
  Client of(HttpConnection connection) {
    return clients.get(connection);
  }

  /** A request has arrived on the connection, at least its head. */
  void used(Client client) {
    client.since = time.nanos();
  }

  /** Something has happened on it. */
  void used(HttpConnection connection) {
    Client client = clients.get(connection);
    if (client != null) {
      used(client);
    }
  }

  /** A request is complete, and its client waits for us; to be paired with {@link #answered}. */
  void working(HttpConnection connection) {
    change(connection, 1);
  }

  void answered(HttpConnection connection) {
    change(connection, -1);
  }

  /** One that waited for us has gone away. */
  void gone() {
    state.meters().callerGone();
  }

  private void change(HttpConnection connection, int difference) {
    state.meters().waiting(difference);
    Client client = clients.get(connection);
    if (client != null) {
      client.working += difference;
      client.since = time.nanos();
    }
  }

  /** Closes what has done nothing for so long; cuts off what it closed the last time in vain. */
  void sweep(long idleNanos) {
    long now = time.nanos();
    List<HttpConnection> idle = new ArrayList<>();
    clients.forEach(
        (connection, client) -> {
          if (client.closing || (client.working == 0 && now - client.since >= idleNanos)) {
            idle.add(connection);
          }
        });
    // Apart from the search: closing may change the map.
    for (HttpConnection connection : idle) {
      Client client = clients.get(connection);
      if (client.closing) {
        client.cut();
      } else {
        client.closing = true;
        connection.close();
      }
    }
  }

  /** An IP address; empty when its connection is gone already. */
  static String address(SocketAddress peer) {
    return peer == null || peer.hostAddress() == null ? "" : peer.hostAddress();
  }
}
