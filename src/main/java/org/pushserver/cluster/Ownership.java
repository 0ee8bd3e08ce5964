// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.pushserver.push.Push;

/**
 * Which server of a cluster a call belongs to: each server that sees the same members says the
 * same, and when one comes or goes only its own calls move. Immutable, pure arithmetic.
 *
 * <p>What counts is the call-id alone; of a push that has none, its id. Not the device, for a phone
 * has several names, and not every push of a call knows the same one; not the application, for who
 * cancels a call names none. So all that is said of one call comes to one server.
 */
final class Ownership {
  private static final long BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private final List<Node> members;
  private final long[] marks;

  /**
   * @param members not empty
   */
  Ownership(List<Node> members) {
    this.members = List.copyOf(members);
    this.marks = members.stream().mapToLong(node -> mark(node.id())).toArray();
  }

  /** What the server of a push is chosen by. */
  static long key(Push push) {
    return push.callId().isEmpty() ? key(push.id()) : key(push.callId());
  }

  /** What the server of a push without a call-id is chosen by. */
  static long key(UUID id) {
    return mixed(id.getMostSignificantBits() ^ id.getLeastSignificantBits());
  }

  /** What the server of a call is chosen by. */
  static long key(String callId) {
    return mark(callId);
  }

  private static long mark(String text) {
    long mark = BASIS;
    for (int i = 0; i < text.length(); i++) {
      mark = (mark ^ text.charAt(i)) * PRIME;
    }
    return mixed(mark);
  }

  /** Lets each bit depend on all: the last step of MurmurHash3. */
  private static long mixed(long bits) {
    long mixed = bits;
    mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  /** The members that it is said of. */
  List<Node> members() {
    return members;
  }

  /** Whose it is. */
  Node owner(long key) {
    int best = 0;
    long most = mixed(key ^ marks[0]);
    for (int i = 1; i < marks.length; i++) {
      long weight = mixed(key ^ marks[i]);
      if (weight > most) {
        most = weight;
        best = i;
      }
    }
    return members.get(best);
  }

  /** All, by whose it is when those before are not there. */
  List<Node> order(long key) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < marks.length; i++) {
      places.add(i);
    }
    places.sort(Comparator.comparingLong((Integer i) -> mixed(key ^ marks[i])).reversed());
    return places.stream().map(members::get).toList();
  }

  /** Whose it is when one is not there; null when there is no other. */
  Node ownerWithout(Node one, long key) {
    Node best = null;
    long most = Long.MIN_VALUE;
    for (int i = 0; i < marks.length; i++) {
      long weight = mixed(key ^ marks[i]);
      if ((best == null || weight > most) && !members.get(i).equals(one)) {
        most = weight;
        best = members.get(i);
      }
    }
    return best;
  }

  /** The first that is one of some; empty when there is none. */
  List<Node> firstOf(long key, Collection<Node> some) {
    Node owner = owner(key);
    return some.contains(owner)
        ? List.of(owner)
        : order(key).stream().filter(some::contains).limit(1).toList();
  }

  /** The first that is none of some; null when there is none. */
  Node first(long key, Collection<Node> but) {
    if (but.isEmpty()) {
      return owner(key);
    }
    return order(key).stream().filter(node -> !but.contains(node)).findFirst().orElse(null);
  }
}
