// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SameNamesTest {
  private final SameNames names = new SameNames();

  private Node met(String id, String name, String host) {
    Node node = new Node(id, name, "1.0");
    names.met(node, new NodeInfo(host, 7801, new JsonObject()));
    return node;
  }

  private List<String> looks(int count, Node... nodes) {
    List<String> told = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      told.addAll(names.look(List.of(nodes)));
    }
    return told;
  }

  @Test
  void twoServersOfOneNameAreToldOfOnceWithBothAddresses() {
    Node one = met("a", "n1", "192.0.2.1");
    Node other = met("b", "n1", "192.0.2.2");
    Node third = met("c", "n2", "192.0.2.3");
    assertEquals(
        List.of(
            "two servers are called n1, that at 192.0.2.1:7801 and that at 192.0.2.2:7801: all"
                + " works, but nobody can tell them apart; give each its own node in [cluster],"
                + " and restart it"),
        looks(10 * SameNames.LOOKS, one, other, third));
  }

  @Test
  void oneThatWasKilledAndIsBackIsNothingToTell() {
    Node before = met("a", "n1", "192.0.2.1");
    Node again = met("b", "n1", "192.0.2.1");
    assertEquals(List.of(), looks(SameNames.LOOKS - 1, before, again));
    names.forget(before);
    assertEquals(List.of(), looks(SameNames.LOOKS, again));
    Node once = met("c", "n1", "192.0.2.1");
    assertEquals(List.of(), looks(SameNames.LOOKS - 1, again, once));
  }
}
