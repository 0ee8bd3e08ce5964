// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.push.Kind;
import org.pushserver.queue.Waiting.Stage;

/**
 * The index of the pushes of one application by their call-id, and what those of one call mean to
 * each other: which repeat another, which rings a cancel makes needless, and which cancel must wait
 * for a ring that is with the push service. A push without a call-id means nothing to others.
 * Confined to one event loop.
 *
 * <p>Of pushes with the same call-id, {@link Sameness} says which are for one phone. They are
 * linked, and looked at one by one while they are few; many of them get an index.
 */
final class Calls {
  /** More than the phones of a callee, with their cancels. */
  private static final int FEW = 8;

  /**
   * What is to be done with a push that has just come. Most pushes know no other, and get a
   * decision that is made already.
   */
  sealed interface Decision {
    /** It is to be sent, and concerns no other. */
    Decision SEND = new Send(List.of());

    /** It need not be sent, and concerns no other. */
    Decision OVER = new Over(List.of());

    /** The rings that wait and are not to be sent any more: to be ended at once, as cancelled. */
    List<Waiting> withdrawn();

    /** It is to be sent. */
    record Send(List<Waiting> withdrawn) implements Decision {}

    /**
     * It says what another one says, and shares the end of that.
     *
     * @param same the other one
     */
    record Join(Waiting same, List<Waiting> withdrawn) implements Decision {}

    /**
     * It is a cancel that has to wait, until its rings have been answered and others know of it.
     *
     * @param rings those that are with the push service; there may be none
     */
    record Hold(List<Waiting> rings, List<Waiting> withdrawn) implements Decision {}

    /**
     * It need not be sent: a ring that its cancel has overtaken, or a cancel all of whose rings are
     * hereby withdrawn.
     */
    record Over(List<Waiting> withdrawn) implements Decision {}
  }

  private final Sameness sameness;

  /** One of the pushes of each call-id that have not ended; the others are linked to it. */
  private final Map<String, Waiting> first = new HashMap<>();

  private final Map<String, Crowd> crowds = new HashMap<>();

  Calls(Sameness sameness) {
    this.sameness = sameness;
  }

  private Waiting sibling(Waiting waiting) {
    return first.get(waiting.push.callId());
  }

  private Crowd crowd(Waiting waiting) {
    return crowds.isEmpty() ? null : crowds.get(waiting.push.callId());
  }

  /**
   * Says what is to be done with a push that has just come. It changes nothing but what that push
   * knows of itself; {@link #add} or {@link #join} are to follow, unless it is over or turned away.
   */
  Decision decide(Waiting waiting) {
    if (sibling(waiting) == null) {
      return waiting.isMute ? Decision.OVER : Decision.SEND;
    }
    Waiting same = equal(waiting);
    if (waiting.isCancel()) {
      return decideCancel(waiting, same);
    }
    // Only while the cancel is on its way: the same call may ring the same phone again later. A
    // ring that repeats one which is there shares the fate of that.
    if (waiting.isRing() && isMet(Kind.CANCEL, waiting, same)) {
      return Decision.OVER;
    }
    return same == null ? Decision.SEND : new Decision.Join(same, List.of());
  }

  private Decision decideCancel(Waiting cancel, Waiting equal) {
    List<Waiting> inFlight = new ArrayList<>(1);
    List<Waiting> withdrawn = new ArrayList<>(1);
    for (Waiting ring : known(Kind.RING, cancel)) {
      if (ring.stage == Stage.IN_FLIGHT) {
        inFlight.add(ring);
      } else {
        cancel.needed |= ring.mayHaveArrived;
        withdrawn.add(ring);
      }
    }
    if (inFlight.isEmpty() && (cancel.isMute || (!withdrawn.isEmpty() && !cancel.needed))) {
      return new Decision.Over(withdrawn);
    }
    // One that does not know all the rings that this one knows is not the same.
    if (equal != null && !isMet(Kind.RING, cancel, equal)) {
      return new Decision.Join(equal, withdrawn);
    }
    return inFlight.isEmpty()
        ? new Decision.Send(withdrawn)
        : new Decision.Hold(inFlight, withdrawn);
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

  private List<String> namesBeyond(Waiting same, Waiting waiting) {
    List<String> names = sameness.names(waiting.push);
    if (same != null) {
      names.removeAll(same.names(sameness));
    }
    return names;
  }

  private boolean isKnown(Waiting sibling, Kind kind, Collection<String> names) {
    return sibling.push.event().kind() == kind && sameness.meet(names, sibling.names(sameness));
  }

  /** Whether there is a ring that a cancel which has just come is for. */
  boolean hasRing(Waiting cancel) {
    return isMet(Kind.RING, cancel, null);
  }

  private Collection<Waiting> known(Kind kind, Waiting waiting) {
    Waiting sibling = sibling(waiting);
    if (sibling == null) {
      return List.of();
    }
    Collection<String> names = waiting.names(sameness);
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

  /** Lets a push share the fate of the one that it repeats, which is known by its names, too. */
  void join(Waiting same, Waiting waiting) {
    if (waiting.push.event().kind().isCall()) {
      List<String> names = namesBeyond(same, waiting);
      if (!names.isEmpty()) {
        same.addNames(sameness, names);
        Crowd crowd = crowd(same);
        if (crowd != null) {
          crowd.add(same, names);
        }
      }
    }
  }

  /** Enters a push that is to be sent. */
  void add(Waiting waiting) {
    String callId = waiting.push.callId();
    if (callId.isEmpty()) {
      return;
    }
    Waiting before = first.putIfAbsent(callId, waiting);
    if (before == null) {
      return;
    }
    waiting.insertAfter(before);
    Crowd crowd = crowd(waiting);
    if (crowd != null) {
      crowd.add(waiting);
    } else if (areMany(before)) {
      crowds.put(callId, crowdOf(before));
    }
  }

  /** Enters a cancel that has to wait for rings. */
  void add(Waiting cancel, Decision.Hold hold) {
    for (Waiting ring : hold.rings()) {
      ring.isCancelled = true;
      cancel.awaited++;
    }
    add(cancel);
  }

  private static boolean areMany(Waiting siblings) {
    int count = 0;
    for (Waiting one = siblings; one != null && count <= FEW; one = one.next) {
      count++;
    }
    return count > FEW;
  }

  private Crowd crowdOf(Waiting siblings) {
    Crowd crowd = new Crowd(sameness);
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
      if (cancel.awaited > 0) {
        cancel.needed |= isOnPhone;
        cancel.awaited--;
        if (cancel.awaited == 0) {
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
