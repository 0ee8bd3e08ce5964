// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pushserver.config.AddressList;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections of one router verticle: not too many of them, and none whose client leaves
 * us waiting. Vert.x's idle time-out cannot do that, because it would also cut off a client who
 * waits for us, for as long as a push may take. Confined to one event loop.
 */
final class Clients {
  private static final Logger LOG = LoggerFactory.getLogger(Clients.class);
  private static final long WARNING_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final DoorState door;
  private final Time time;
  private final Map<HttpConnection, Client> clients = new HashMap<>();
  private long warnedAt;
  private boolean warned;

  /** One connection. */
  static final class Client {
    private final String address;
    private int working;
    private long since;
    private boolean closing;
    private AddressList list;
    private boolean allowed;

    private Client(String address, long now) {
      this.address = address;
      this.since = now;
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

  Clients(DoorState door, Time time) {
    this.door = door;
    this.time = time;
  }

  /** Takes a new connection, or closes it at once when there are too many. */
  void opened(HttpConnection connection) {
    int most = door.policy().get().limits().maxClients();
    if (door.connections().incrementAndGet() > most) {
      door.connections().decrementAndGet();
      door.meters().connectionRefused();
      connection.close();
      warn(most);
      return;
    }
    clients.put(connection, new Client(Caller.text(connection.remoteAddress()), time.nanos()));
    connection.closeHandler(
        closed -> {
          clients.remove(connection);
          door.connections().decrementAndGet();
        });
  }

  private void warn(int most) {
    long now = time.nanos();
    if (!warned || now - warnedAt >= WARNING_PAUSE_NANOS) {
      warned = true;
      warnedAt = now;
      LOG.warn("{} connections are open: further ones are closed (max_clients)", most);
    }
  }

  /** The client of a connection; null when it was one too many, or is gone. */
  Client of(HttpConnection connection) {
    return clients.get(connection);
  }

  /** A request has arrived on the connection, at least its head. */
  void used(Client client) {
    client.since = time.nanos();
  }

  /** A request is complete, and its client waits for us; to be paired with {@link #answered}. */
  void working(HttpConnection connection) {
    change(connection, 1);
  }

  void answered(HttpConnection connection) {
    change(connection, -1);
  }

  private void change(HttpConnection connection, int difference) {
    door.meters().waiting(difference);
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
        cut(connection);
      } else {
        client.closing = true;
        connection.close();
      }
    }
  }

  /**
   * Closes a connection without a word. Vert.x's own close first writes what is left to write, and
   * so never comes to its end when the other side reads nothing.
   */
  private static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase base) {
      base.channel().pipeline().firstContext().close();
    }
  }
}
