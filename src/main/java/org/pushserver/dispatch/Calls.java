// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.pushserver.dispatch.Waiting.Stage;
import org.pushserver.push.Push;

/**
 * What the pushes of one application mean to each other: which repeat another, which rings a cancel
 * makes needless, and which cancel must wait for a ring that is with the push service. A push
 * without a call-id means nothing to others. Confined to one event loop.
 */
final class Calls {
  private final Consumer<Waiting> withdraw;

  /** The pushes that have not ended, those of one call linked as siblings. */
  private final Map<CallKey, Waiting> first = new HashMap<>();

  /**
   * @param withdraw ends a ring that waits, because its call has been cancelled
   */
  Calls(Consumer<Waiting> withdraw) {
    this.withdraw = withdraw;
  }

  private Waiting sibling(Waiting waiting) {
    return waiting.call == null ? null : first.get(waiting.call);
  }

  /**
   * The push that this one repeats; null when there is none. A text message may share its call-id
   * with others, and is the same only when it says the same. A cancel repeats none that does not
   * wait for all the rings that it has to wait for.
   */
  Waiting same(Waiting waiting) {
    Waiting same = null;
    for (Waiting other = sibling(waiting); other != null; other = other.sibling) {
      if (waiting.isCancel() && other.isRingOfNoCancel()) {
        return null;
      }
      if (repeats(waiting.push, other.push)) {
        same = other;
      }
    }
    return same;
  }

  private static boolean repeats(Push push, Push other) {
    return other.event().equals(push.event())
        && other.device().equals(push.device())
        && (push.event().kind().isCall() || other.details().equals(push.details()));
  }

  /**
   * Whether a push that has just come need not be sent: a ring that its cancel has overtaken, or a
   * cancel all of whose rings waited and have hereby been withdrawn.
   *
   * @param same what it repeats: such a ring shares the fate of the first
   */
  boolean isOver(Waiting waiting, Waiting same) {
    if (waiting.isRing()) {
      return same == null && isCancelled(waiting);
    }
    return waiting.isCancel() && withdrawRings(waiting);
  }

  /** Only while the cancel is on its way: the same call may ring the same phone again later. */
  private boolean isCancelled(Waiting ring) {
    Waiting other = sibling(ring);
    while (other != null && !other.isCancel()) {
      other = other.sibling;
    }
    return other != null;
  }

  private boolean withdrawRings(Waiting cancel) {
    boolean met = false;
    boolean inFlight = false;
    Waiting next;
    for (Waiting other = sibling(cancel); other != null; other = next) {
      // What is withdrawn has no sibling any more.
      next = other.sibling;
      if (other.isRing()) {
        met = true;
        if (other.stage == Stage.IN_FLIGHT) {
          inFlight = true;
        } else {
          cancel.needed |= other.mayHaveArrived;
          withdraw.accept(other);
        }
      }
    }
    return met && !inFlight && !cancel.needed;
  }

  /**
   * Enters a push that has been accepted.
   *
   * @return whether it is a cancel that has to wait for rings in flight
   */
  boolean add(Waiting waiting) {
    if (waiting.call == null) {
      return false;
    }
    Waiting before = first.putIfAbsent(waiting.call, waiting);
    if (before == null) {
      return false;
    }
    if (waiting.isCancel()) {
      await(waiting, before);
    }
    waiting.sibling = before.sibling;
    before.sibling = waiting;
    return waiting.awaitedRings > 0;
  }

  private static void await(Waiting cancel, Waiting siblings) {
    for (Waiting other = siblings; other != null; other = other.sibling) {
      if (other.isRingOfNoCancel()) {
        other.cancel = cancel;
        cancel.awaitedRings++;
      }
    }
  }

  /**
   * Removes a push that has ended.
   *
   * @param isOnPhone whether it is, or may be, on the phone
   * @return the cancel that waited for it and for no other, to be sent if it is {@link
   *     Waiting#needed}; else null
   */
  Waiting remove(Waiting waiting, boolean isOnPhone) {
    if (waiting.call != null) {
      unlink(waiting);
    }
    Waiting cancel = waiting.cancel;
    if (cancel == null) {
      return null;
    }
    waiting.cancel = null;
    cancel.needed |= isOnPhone;
    cancel.awaitedRings--;
    return cancel.awaitedRings == 0 ? cancel : null;
  }

  private void unlink(Waiting waiting) {
    Waiting head = first.get(waiting.call);
    if (head == waiting) {
      if (waiting.sibling == null) {
        first.remove(waiting.call);
      } else {
        first.put(waiting.call, waiting.sibling);
      }
    } else {
      Waiting before = head;
      while (before.sibling != waiting) {
        before = before.sibling;
      }
      before.sibling = waiting.sibling;
    }
    waiting.sibling = null;
  }
}
