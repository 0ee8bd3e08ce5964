// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.pushserver.push.Kind;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Time;

/**
 * The rings that were delivered, for as long as something may still be heard of their phones: if
 * nothing is, each is pushed once more. One timer for all, and none when there are none. Confined
 * to one event loop.
 *
 * <p>None goes on whose call has ended, as far as anybody says: by a cancel for any phone of the
 * call, or by its deadline. A ring that comes anew for the same phone takes its place.
 */
final class Repetitions {
  private final Time time;
  private final RepeatGuard guard;
  private final Sameness sameness;
  private final Room room;
  private final Consumer<Waiting> repeat;
  private final Alarm alarm;

  /** By the time at which they are pushed once more. */
  private final WaitingHeap byTime =
      new WaitingHeap(Comparator.comparingLong((Waiting w) -> w.dueAt));

  private final Map<String, List<Waiting>> byCall = new HashMap<>();

  /**
   * @param guard knows what was heard of phones
   * @param room they take the memory of pushes that wait
   * @param repeat pushes one once more
   */
  Repetitions(
      Time time, RepeatGuard guard, Sameness sameness, Room room, Consumer<Waiting> repeat) {
    this.time = time;
    this.guard = guard;
    this.sameness = sameness;
    this.room = room;
    this.repeat = repeat;
    this.alarm = new Alarm(time, this::due);
  }

  /**
   * Takes a push that has just been delivered, if it is one that may be pushed once more.
   *
   * @param delivery how its application tries
   */
  void add(Waiting delivered, Delivery delivery) {
    if (delivery.repeatAfter() == null
        || !delivered.isRing()
        || delivered.isRepetition
        || delivered.isCancelled
        || delivered.push.callId().isEmpty()) {
      return;
    }
    long dueAt = time.millis() + delivery.repeatAfter().toMillis();
    Waiting again = delivered.again(dueAt);
    if (dueAt < delivered.deadline
        && guard.mayRepeat(again.push)
        && room.take(again, false, byTime.size(), delivery.maxQueue()) == null) {
      byTime.add(again);
      byCall.computeIfAbsent(again.push.callId(), first -> new ArrayList<>(1)).add(again);
      alarm.noLaterThan(dueAt);
    }
  }

  private void due() {
    Waiting next = byTime.peek();
    for (int done = 0;
        done < InTurns.AT_A_TIME && next != null && next.dueAt <= time.millis();
        done++) {
      leave(byTime.poll());
      if (isWanted(next)) {
        repeat.accept(next);
      } else {
        room.leave(next);
      }
      next = byTime.peek();
    }
    if (next != null) {
      alarm.noLaterThan(next.dueAt);
    }
  }

  private void leave(Waiting repetition) {
    List<Waiting> ofCall = byCall.get(repetition.push.callId());
    ofCall.remove(repetition);
    if (ofCall.isEmpty()) {
      byCall.remove(repetition.push.callId());
    }
  }

  /**
   * Whether one is still to be pushed: nothing was heard of its phone, nor that its call is over.
   */
  boolean isWanted(Waiting repetition) {
    return repetition.joined() > 0 || guard.mayRepeat(repetition.push);
  }

  /** A push has come: those are not wanted any more that it makes needless. */
  void madeNeedless(Waiting by) {
    if (byCall.isEmpty() || !by.isCall()) {
      return;
    }
    List<Waiting> ofCall = byCall.get(by.push.callId());
    if (ofCall == null) {
      return;
    }
    boolean isCancel = by.push.event().kind() == Kind.CANCEL;
    for (Waiting one : List.copyOf(ofCall)) {
      if (isCancel || sameness.meet(by.names(sameness), one.names(sameness))) {
        forget(one);
      }
    }
  }

  private void forget(Waiting one) {
    leave(one);
    one.stage = Stage.ENDED;
    byTime.oneEnded();
    room.leave(one);
  }

  /** Nothing is pushed once more of what is here. */
  void clear() {
    List.copyOf(byCall.values()).forEach(ofCall -> List.copyOf(ofCall).forEach(this::forget));
    alarm.off();
  }
}
