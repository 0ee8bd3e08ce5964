// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import java.util.ArrayList;
import java.util.List;

/**
 * The connections of a route that are in service: which of them takes the next request, and how
 * full they are. Event loop only.
 */
final class OpenConnections {
  /** With less than one part in so many left, requests have hardly room. */
  private static final int FULL_PARTS = 8;

  private final List<Connection> all = new ArrayList<>();
  private int peak;
  private int room;

  boolean isEmpty() {
    return all.isEmpty();
  }

  int size() {
    return all.size();
  }

  void add(Connection connection) {
    all.add(connection);
  }

  boolean remove(Connection connection) {
    return all.remove(connection);
  }

  /** The connection with this number; null when it is not in service. */
  Connection find(long number) {
    for (Connection connection : all) {
      if (connection.number() == number) {
        return connection;
      }
    }
    return null;
  }

  Connection newest() {
    return all.get(all.size() - 1);
  }

  /** Those that ought to be replaced. */
  List<Connection> wornOut() {
    return all.stream().filter(Connection::isWorn).toList();
  }

  /** Whether the peer allows no requests on any of them. */
  boolean isBarred() {
    for (Connection connection : all) {
      if (!connection.isBarred()) {
        return false;
      }
    }
    return true;
  }

  /** How many more requests may be begun on all of them. */
  int free() {
    int free = 0;
    for (int i = 0; i < all.size(); i++) {
      free += all.get(i).free();
    }
    return free;
  }

  /** The connection that takes most more requests, for one request; null when none takes any. */
  Connection roomiest() {
    Connection roomiest = null;
    int most = 0;
    int busy = 1;
    room = -1;
    // By index: an iterator for each request would be all that this allocates.
    for (int i = 0; i < all.size(); i++) {
      Connection connection = all.get(i);
      int free = connection.free();
      room += free;
      busy += connection.inFlight();
      if (free > most) {
        most = free;
        roomiest = connection;
      }
    }
    peak = Math.max(peak, busy);
    return roomiest;
  }

  /** Whether the request for which {@link #roomiest} was asked last left no room. */
  boolean wasLast() {
    return room <= 0;
  }

  /**
   * Whether requests have hardly room, and another connection would be the right remedy. It is not
   * while a connection has yet to prove that it is any good, nor when the peer allows one request
   * at a time: so APNs begins with a connection that shows a provider token, and so it slows down
   * somebody who makes mistakes.
   */
  boolean isFull() {
    int free = 0;
    int capacity = 0;
    for (Connection connection : all) {
      if (connection.replies() == 0 || (connection.isHttp2() && connection.limit() <= 1)) {
        return false;
      }
      free += connection.free();
      capacity += connection.limit();
    }
    return capacity > 0 && free <= capacity / FULL_PARTS;
  }

  /**
   * Whether one connection less than so many would have held all that was in flight at a time since
   * the last call, with a quarter to spare where there are quarters.
   */
  boolean hadSpare(int wanted) {
    int capacity = 0;
    int busy = 0;
    for (Connection connection : all) {
      capacity += connection.limit();
      busy += connection.inFlight();
    }
    int most = peak;
    peak = busy;
    int fewer = capacity / Math.max(1, all.size()) * (wanted - 1);
    return most <= fewer - fewer / 4;
  }
}
