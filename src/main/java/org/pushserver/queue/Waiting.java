// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Time;

/**
 * A push in the hands of its application's send queue, with what became of it so far. Confined to
 * the event loop of that; kept small, because a hundred thousand may wait.
 */
final class Waiting {
  /** Two clocks are not read in the same instant, and one of them may be slewed for hours. */
  private static final long CLOCK_SET_MS = 1_000;

  /** Where it is. */
  enum Stage {
    /** It has been handed in, and is not accepted yet. */
    COMING,
    /** In the queue, or about to be. */
    QUEUED,
    /** Told to wait, until its time comes. */
    BACKING_OFF,
    /** With the push service. */
    IN_FLIGHT,
    /** A cancel whose ring is with the push service. */
    HELD,
    /** Another server is asked to go on with it. */
    OFFERED,
    /** It has its outcome. */
    ENDED,
    /** It stays in the store, for another process. */
    LEFT
  }

  /** What its store knows of it. */
  enum Kept {
    /** Nothing. */
    NOT,
    /** It is being kept. */
    COMING,
    /** It is kept. */
    YES,
    /** It could not be kept. */
    FAILED
  }

  /** Its dates are {@linkplain #redate put right} when the wall clock was set. */
  Push push;

  /** When it becomes worthless, by {@link Time#millis}. */
  final long deadline;

  /** Who is to be told yet; null when nobody is. */
  private PushCaller caller;

  /** The callers of equal requests that came while this one was on its way; null for none. */
  private List<PushCaller> others;

  /** How many equal requests share its outcome. */
  private int joined;

  Stage stage = Stage.COMING;

  /** Its number in the order of arrival, given by the queue; 0 before that. */
  long place;

  /** When its pause is over, by {@link Time#millis}; while {@link Stage#BACKING_OFF}. */
  long dueAt;

  Kept kept = Kept.NOT;

  /** Whether somebody who does not wait for its end was told that it is accepted, or will be. */
  boolean isOwed;

  /** Its place among those that have just come; null when it has none. */
  Lingering.Place lingers;

  /** Completes when nothing brings back what its end says has ended; null when nothing can. */
  Future<Void> forgets;

  /** What it takes of the {@link QueueMemory}, in bytes. */
  int weight;

  /** Where {@link Underway} keeps it; -1 while it does not. */
  int slot = -1;

  /** How often the service answered, or may have seen it. */
  int attempts;

  /** How often it could not be handed to the service at all, since the last time that it could. */
  int setbacks;

  /** Whether an attempt that did not end it may have reached the phone. */
  boolean mayHaveArrived;

  /** The service's last word; null when it never answered. */
  Response last;

  /** Why the last attempt had no answer; null when none was made, or it had one. */
  String trouble;

  /** The pushes with the same call-id beside it; null when there is none. */
  Waiting next;

  Waiting previous;

  /** Names of its phone that it has from equal requests, and its own; null when all are its own. */
  private Set<String> names;

  /** Whether it is a ring that was delivered already, and is pushed once more. */
  boolean isRepetition;

  /** Of one in flight: whether another server goes on with it. */
  boolean isTakenOver;

  /** Of a ring in flight: whether cancels wait for what comes of it. */
  boolean isCancelled;

  /**
   * Of a cancel: how much it waits for: rings in flight, and that others who may go on with its
   * rings know of it.
   */
  int awaited;

  /** Of a cancel: whether it is for withdrawing rings alone, since its phone cannot be told. */
  boolean isMute;

  /** Of a cancel: whether one of its rings is, or may be, on the phone. */
  boolean needed;

  /**
   * @param caller who has handed it in; null when there is nobody any more
   */
  Waiting(Push push, long deadline, PushCaller caller) {
    this.push = push;
    this.deadline = deadline;
    this.caller = caller;
  }

  /** One that has just been handed in. */
  Waiting(Push push, Time time, PushCaller caller) {
    this(push, deadline(push, time), caller);
  }

  /**
   * The same push, to be sent once more although it has ended: to its phone it may be news, or not.
   *
   * @param at when, by {@link Time#millis}
   */
  Waiting again(long at) {
    Waiting again = new Waiting(push, deadline, null);
    again.stage = Stage.BACKING_OFF;
    again.dueAt = at;
    again.attempts = attempts;
    again.mayHaveArrived = true;
    again.isRepetition = true;
    again.names = names;
    return again;
  }

  /** What is left of its life, but never more than it was born with: the clock may be set. */
  private static long deadline(Push push, Time time) {
    long life = push.deadline() - push.bornAt();
    return time.millis() + Math.min(life, push.remaining(time.now()));
  }

  /**
   * Puts the dates that others read on the wall clock as it is now. What is left of its life is not
   * the wall clock's to say.
   *
   * @param millis now, by {@link Time#millis}
   * @param now the same by the wall clock
   */
  void redate(long millis, long now) {
    long moved = deadline - millis + now - push.deadline();
    if (Math.abs(moved) > CLOCK_SET_MS) {
      push = push.moved(moved);
    }
  }

  /** Whether it goes before others, and is refused after them. */
  boolean isCall() {
    return push.event().kind().isCall();
  }

  /** Whether it is to be tried again at once when it could not be sent. */
  boolean isWantedAgain() {
    return !isCancelled && !isTakenOver && kept != Kept.FAILED;
  }

  /** What its end says is that another one has ended, too: neither is to come back. */
  void isEndedWith(Waiting other) {
    if (other.forgets != null) {
      forgets = other.forgets;
    }
  }

  /** Whether somebody waits for its outcome. */
  boolean isAwaited() {
    return caller != null && caller.isWaiting();
  }

  boolean isRing() {
    return push.event().kind() == Kind.RING;
  }

  boolean isCancel() {
    return push.event().kind() == Kind.CANCEL;
  }

  /** What its phone is known by, {@link Sameness#names}; not to be changed. */
  Collection<String> names(Sameness sameness) {
    return names == null ? sameness.names(push) : names;
  }

  /** Lets it be known by further names. */
  void addNames(Sameness sameness, Collection<String> further) {
    if (names == null) {
      names = new HashSet<>(sameness.names(push));
    }
    names.addAll(further);
  }

  void insertAfter(Waiting sibling) {
    previous = sibling;
    next = sibling.next;
    sibling.next = this;
    if (next != null) {
      next.previous = this;
    }
  }

  void unlink() {
    if (previous != null) {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    next = null;
    previous = null;
  }

  /** Lets an equal request share the outcome. */
  void join(Waiting equal) {
    joined++;
    if (equal.caller != null) {
      if (others == null) {
        others = new ArrayList<>(1);
      }
      others.add(equal.caller);
    }
  }

  /** Nobody waits for what comes of its attempt, which may still reach the phone. */
  void leaveInFlight() {
    attempts++;
    mayHaveArrived = true;
  }

  /** How many equal requests share its outcome. */
  int joined() {
    return joined;
  }

  /** Whether somebody waits for its outcome, be it because of an equal request. */
  boolean hasAnyWaiting() {
    if (isAwaited()) {
      return true;
    }
    if (others != null) {
      for (PushCaller other : others) {
        if (other.isWaiting()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Tells who does not wait for more that it is accepted. */
  void tellAccepted() {
    tellWhoDoesNotWait(PushCaller::accepted);
  }

  /** Tells who does not wait for its end that it is not accepted. */
  void refuse(Outcome outcome) {
    tellWhoDoesNotWait(one -> one.ended(outcome));
  }

  private void tellWhoDoesNotWait(Consumer<PushCaller> tell) {
    if (caller != null && !caller.isWaiting()) {
      tell.accept(caller);
      caller = null;
    }
    if (others != null) {
      others.removeIf(
          other -> {
            boolean goes = !other.isWaiting();
            if (goes) {
              tell.accept(other);
            }
            return goes;
          });
    }
  }

  /** Tells who waits for its end, and nobody else. */
  void tellWhoWaits(Outcome outcome) {
    if (isAwaited()) {
      caller.ended(outcome);
      caller = null;
    }
    if (others != null) {
      others.removeIf(
          other -> {
            boolean goes = other.isWaiting();
            if (goes) {
              other.ended(outcome);
            }
            return goes;
          });
    }
  }

  /** Tells everybody who was not told yet. */
  void tell(Outcome outcome) {
    boolean isLost = outcome.result() == Result.ABANDONED || outcome.result() == Result.OVERLOADED;
    if (caller != null) {
      tell(caller, outcome, isLost);
      caller = null;
    }
    if (others != null) {
      others.forEach(other -> tell(other, outcome, isLost));
      others = null;
    }
  }

  /** Who does not wait for an end need know only whether there will be one. */
  private static void tell(PushCaller caller, Outcome outcome, boolean isLost) {
    if (isLost || caller.isWaiting()) {
      caller.ended(outcome);
    } else {
      caller.accepted();
    }
  }
}
