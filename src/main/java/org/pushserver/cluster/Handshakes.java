// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Connections of which it is not known yet whether they come from a member. They are bounded, in
 * all and of each address, and the oldest goes: a member needs its place for milliseconds, and who
 * only holds connections loses them to it. Any thread.
 *
 * @param <C> a connection
 */
final class Handshakes<C> {
  private final int most;
  private final int mostOfOne;
  private final Map<C, InetAddress> pending = new LinkedHashMap<>();

  /**
   * @param most in all
   * @param mostOfOne of one address
   */
  Handshakes(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** Gives a connection a place. {@return which loses its own for it; null when there is room} */
  synchronized C begin(C connection, InetAddress from) {
    long ofOne = pending.values().stream().filter(from::equals).count();
    C oldest = null;
    if (ofOne >= mostOfOne || pending.size() >= most) {
      oldest =
          pending.entrySet().stream()
              .filter(one -> ofOne < mostOfOne || one.getValue().equals(from))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse(null);
      pending.remove(oldest);
    }
    pending.put(connection, from);
    return oldest;
  }

  /** Gives its place back. */
  synchronized void end(C connection) {
    pending.remove(connection);
  }

  /** {@return those that have one} */
  synchronized Iterable<C> pending() {
    return List.copyOf(pending.keySet());
  }
}
