// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.SamplePush;

class OwnershipTest {
  private static final int CALLS = 30_000;

  private static List<Node> nodes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Node(new UUID(i, -i).toString(), "n" + i, "1"))
        .toList();
  }

  private static List<Long> keys() {
    return IntStream.range(0, CALLS).mapToObj(i -> Ownership.key("call-" + i + "@host")).toList();
  }

  @Test
  void eachServerHasItsShare() {
    Ownership ownership = new Ownership(nodes(3));
    Map<Node, Integer> shares = new HashMap<>();
    keys().forEach(key -> shares.merge(ownership.owner(key), 1, Integer::sum));

    shares.values().forEach(share -> assertTrue(Math.abs(share - CALLS / 3) < CALLS / 30));
  }

  @Test
  void onlyTheCallsOfWhoGoesMoveAndTheyGoToWhoHasTheirCopies() {
    List<Node> nodes = nodes(4);
    Ownership before = new Ownership(nodes);
    Node gone = nodes.get(1);
    Ownership after = new Ownership(nodes.stream().filter(node -> !node.equals(gone)).toList());

    for (long key : keys()) {
      Node owner = before.owner(key);
      assertEquals(owner.equals(gone) ? before.ownerWithout(gone, key) : owner, after.owner(key));
    }
  }

  @Test
  void theOrderBeginsWithTheOwnerAndGoesOnWithWhoComesNext() {
    List<Node> nodes = nodes(5);
    Ownership ownership = new Ownership(nodes);
    for (long key : keys().subList(0, 100)) {
      List<Node> order = ownership.order(key);
      assertEquals(Set.copyOf(nodes), Set.copyOf(order));
      assertEquals(ownership.owner(key), order.get(0));
      assertEquals(ownership.ownerWithout(order.get(0), key), order.get(1));
      assertEquals(order.get(2), ownership.first(key, Set.copyOf(order.subList(0, 2))));
    }
  }

  @Test
  void whoIsAloneHasNobodyForItsCopies() {
    Ownership alone = new Ownership(nodes(1));

    assertNull(alone.ownerWithout(alone.members().get(0), 7));
    assertNull(alone.first(7, Set.copyOf(alone.members())));
  }

  @Test
  void aPushWithoutCallIdGoesByItsOwnId() {
    Push one = SamplePush.of(Event.MESSAGE).callId("").push();

    assertEquals(Ownership.key(one.id()), Ownership.key(one));
  }
}
