// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.spi.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds servers that are called the same, which nobody could tell apart. One that was killed and
 * started again is for a moment there twice; that is nothing to tell. One thread at a time.
 */
final class SameNames {
  /** In so many looks one after the other, ten seconds; a dead one is noticed sooner. */
  static final int LOOKS = 40;

  private final Map<String, String> addresses = new HashMap<>();
  private final Map<String, Integer> looks = new HashMap<>();

  /** Notes where a server is. */
  void met(Node node, NodeInfo info) {
    addresses.put(node.id(), info.host() + ":" + info.port());
  }

  /** A server has gone. */
  void forget(Node node) {
    addresses.remove(node.id());
  }

  /**
   * Looks once more.
   *
   * @param nodes all that are there
   * @return what is to be told of it, in an operator's words; each pair once for as long as it is
   *     there
   */
  List<String> look(Collection<Node> nodes) {
    List<String> told = new ArrayList<>();
    Map<String, Integer> now = new HashMap<>();
    Map<String, Node> byName = new HashMap<>();
    for (Node node : nodes) {
      Node other = byName.putIfAbsent(node.name(), node);
      if (other != null) {
        String pair = other.id() + " " + node.id();
        int count = Math.min(looks.getOrDefault(pair, 0) + 1, LOOKS + 1);
        now.put(pair, count);
        if (count == LOOKS) {
          told.add(
              "two servers are called "
                  + node.name()
                  + ", that at "
                  + addresses.get(other.id())
                  + " and that at "
                  + addresses.get(node.id())
                  + ": all works, but nobody can tell them apart; give each its own node in"
                  + " [cluster], and restart it");
        }
      }
    }
    looks.clear();
    looks.putAll(now);
    return told;
  }
}
