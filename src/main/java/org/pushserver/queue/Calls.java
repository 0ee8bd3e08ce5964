// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.pushserver.push.Kind;
import org.pushserver.queue.Waiting.Stage;

/**
 * What the pushes of one application mean to each other: which repeat another, which rings a cancel
 * makes needless, and which cancel must wait for a ring that is with the push service. A push
 * without a call-id means nothing to others. Confined to one event loop.
 *
 * <p>Of pushes with the same call-id, {@link Sameness} says which are for one phone. They are
 * linked, and looked at one by one while they are few; many of them get an index.
 */
final class Calls {
  /** More than the phones of a callee, with their cancels. */
  private static final int FEW = 8;

  private final Consumer<Waiting> withdraw;
  private final Sameness sameness;

  /** One of the pushes of each call-id that have not ended; the others are linked to it. */
  private final Map<String, Waiting> first = new HashMap<>();

  private final Map<String, Crowd> crowds = new HashMap<>();

  /**
   * @param withdraw ends a ring that waits, because its call has been cancelled
   */
  Calls(Consumer<Waiting> withdraw) {
    this(withdraw, new Sameness());
  }

  Calls(Consumer<Waiting> withdraw, Sameness sameness) {
    this.withdraw = withdraw;
    this.sameness = sameness;
  }

  private Waiting sibling(Waiting waiting) {
    return first.get(waiting.push.callId());
  }

  private Crowd crowd(Waiting waiting) {
    return crowds.isEmpty() ? null : crowds.get(waiting.push.callId());
  }

  /**
   * The push that this one repeats; null when there is none. A cancel repeats none that does not
   * know all the rings that it knows.
   */
  Waiting same(Waiting waiting) {
    Waiting same = equal(waiting);
    return same != null && waiting.isCancel() && isMet(Kind.RING, waiting, same) ? null : same;
  }

  private Waiting equal(Waiting waiting) {
    Crowd crowd = crowd(waiting);
    if (crowd != null) {
      Waiting alike = crowd.alike(waiting.push);
      return alike != null && sameness.repeats(waiting.push, alike.push) ? alike : null;
    }
    Waiting other = sibling(waiting);
    while (other != null && !sameness.repeats(waiting.push, other.push)) {
      other = other.next;
    }
    return other;
  }

  /**
   * Whether there is a ring or cancel for the phone of a push that has just come.
   *
   * @param same what it repeats: then, whether there is one of which that knows nothing
   */
  private boolean isMet(Kind kind, Waiting waiting, Waiting same) {
    Waiting sibling = sibling(waiting);
    if (sibling == null) {
      return false;
    }
    List<String> names = namesBeyond(same, waiting);
    Crowd crowd = crowd(waiting);
    if (crowd != null) {
      return crowd.isKnown(kind, names);
    }
    while (sibling != null && !isKnown(sibling, kind, names)) {
      sibling = sibling.next;
    }
    return sibling != null;
  }

  private static List<String> namesBeyond(Waiting same, Waiting waiting) {
    List<String> names = Sameness.names(waiting.push);
    if (same != null) {
      names.removeAll(same.names());
    }
    return names;
  }

  private boolean isKnown(Waiting sibling, Kind kind, Collection<String> names) {
    return sibling.push.event().kind() == kind && sameness.meet(names, sibling.names());
  }

  private Collection<Waiting> known(Kind kind, Waiting waiting) {
    Waiting sibling = sibling(waiting);
    if (sibling == null) {
      return List.of();
    }
    Collection<String> names = waiting.names();
    Crowd crowd = crowd(waiting);
    if (crowd != null) {
      return crowd.known(kind, names);
    }
    List<Waiting> known = new ArrayList<>();
    for (; sibling != null; sibling = sibling.next) {
      if (isKnown(sibling, kind, names)) {
        known.add(sibling);
      }
    }
    return known;
  }

  /**
   * Whether a push that has just come need not be sent: a ring that its cancel has overtaken, or a
   * cancel all of whose rings waited and have hereby been withdrawn.
   *
   * <p>Only while the cancel is on its way: the same call may ring the same phone again later.
   *
   * @param same what it repeats: such a ring shares the fate of the first
   */
  boolean isOver(Waiting waiting, Waiting same) {
    if (waiting.isRing()) {
      return isMet(Kind.CANCEL, waiting, same);
    }
    return waiting.isCancel() && withdrawRings(waiting);
  }

  private boolean withdrawRings(Waiting cancel) {
    boolean met = false;
    boolean inFlight = false;
    for (Waiting ring : known(Kind.RING, cancel)) {
      met = true;
      if (ring.stage == Stage.IN_FLIGHT) {
        inFlight = true;
      } else {
        cancel.needed |= ring.mayHaveArrived;
        withdraw.accept(ring);
      }
    }
    return met && !inFlight && !cancel.needed;
  }

  /** Lets a push share the fate of the one that it repeats, which is known by its names, too. */
  void join(Waiting same, Waiting waiting) {
    if (waiting.push.event().kind().isCall()) {
      List<String> names = namesBeyond(same, waiting);
      if (!names.isEmpty()) {
        same.addNames(names);
        Crowd crowd = crowd(same);
        if (crowd != null) {
          crowd.add(same, names);
        }
      }
    }
  }

  /**
   * Enters a push that has been accepted.
   *
   * @return whether it is a cancel that has to wait for rings in flight
   */
  boolean add(Waiting waiting) {
    String callId = waiting.push.callId();
    if (callId.isEmpty()) {
      return false;
    }
    Waiting before = first.putIfAbsent(callId, waiting);
    if (before == null) {
      return false;
    }
    if (waiting.isCancel()) {
      await(waiting);
    }
    waiting.insertAfter(before);
    Crowd crowd = crowd(waiting);
    if (crowd != null) {
      crowd.add(waiting);
    } else if (areMany(before)) {
      crowds.put(callId, crowdOf(before));
    }
    return waiting.awaitedRings > 0;
  }

  private void await(Waiting cancel) {
    for (Waiting ring : known(Kind.RING, cancel)) {
      if (ring.stage == Stage.IN_FLIGHT) {
        ring.isCancelled = true;
        cancel.awaitedRings++;
      }
    }
  }

  private static boolean areMany(Waiting siblings) {
    int count = 0;
    for (Waiting one = siblings; one != null && count <= FEW; one = one.next) {
      count++;
    }
    return count > FEW;
  }

  private static Crowd crowdOf(Waiting siblings) {
    Crowd crowd = new Crowd();
    for (Waiting one = siblings; one != null; one = one.next) {
      crowd.add(one);
    }
    return crowd;
  }

  /**
   * Removes a push that has ended.
   *
   * @param isOnPhone whether it is, or may be, on the phone
   * @return the cancels that waited for it and for no other, each to be sent if it is {@link
   *     Waiting#needed}
   */
  List<Waiting> remove(Waiting waiting, boolean isOnPhone) {
    if (waiting.push.callId().isEmpty()) {
      return List.of();
    }
    unlink(waiting);
    return waiting.isCancelled ? released(waiting, isOnPhone) : List.of();
  }

  /** No cancel waits for other rings than those that it knows, and that were there before it. */
  private List<Waiting> released(Waiting ring, boolean isOnPhone) {
    List<Waiting> released = new ArrayList<>(1);
    for (Waiting cancel : known(Kind.CANCEL, ring)) {
      if (cancel.awaitedRings > 0) {
        cancel.needed |= isOnPhone;
        cancel.awaitedRings--;
        if (cancel.awaitedRings == 0) {
          released.add(cancel);
        }
      }
    }
    return released;
  }

  private void unlink(Waiting waiting) {
    String callId = waiting.push.callId();
    Crowd crowd = crowd(waiting);
    if (crowd != null) {
      crowd.remove(waiting);
    }
    if (waiting.previous == null) {
      if (waiting.next == null) {
        first.remove(callId);
        crowds.remove(callId);
      } else {
        first.put(callId, waiting.next);
      }
    }
    waiting.unlink();
  }
}
