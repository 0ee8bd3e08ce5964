// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Time;

/**
 * The pushes of one application that have not ended, each in one place: the queue, a pause, or
 * underway. One alarm watches all their deadlines, and one ends all pauses. Confined to one event
 * loop.
 */
final class Pending {
  private final Time time;
  private final PushQueue queue = new PushQueue();

  /** Those that were told to wait, by the time at which they go back to the queue. */
  private final WaitingHeap pausing =
      new WaitingHeap(Comparator.comparingLong((Waiting w) -> w.dueAt));

  private final Underway underway = new Underway();
  private final Alarm pauses;
  private final Alarm deadlines;
  private final Runnable sendMore;
  private final Consumer<Waiting> expire;

  /**
   * @param sendMore called when there may be more to send
   * @param expire ends one whose deadline has come, which has been taken out
   */
  Pending(Time time, Runnable sendMore, Consumer<Waiting> expire) {
    this.time = time;
    this.sendMore = sendMore;
    this.expire = expire;
    this.pauses = new Alarm(time, this::pauseEnded);
    this.deadlines = new Alarm(time, this::deadlineCame);
  }

  /** Puts one into the queue, or back to its old place there. */
  void queue(Waiting waiting) {
    queue.add(waiting);
  }

  /**
   * Lets one wait before it goes back to the queue.
   *
   * @param delayMs 0 or more
   */
  void pause(Waiting waiting, long delayMs) {
    waiting.stage = Stage.BACKING_OFF;
    waiting.dueAt = time.millis() + delayMs;
    pausing.add(waiting);
    pauses.noLaterThan(waiting.dueAt);
  }

  private void pauseEnded() {
    Waiting next = pausing.peek();
    for (int back = 0;
        back < InTurns.AT_A_TIME && next != null && next.dueAt <= time.millis();
        back++) {
      queue.add(pausing.poll());
      next = pausing.peek();
    }
    if (next != null) {
      pauses.noLaterThan(next.dueAt);
    }
    sendMore.run();
  }

  /** Notes that one is with the push service. */
  void send(Waiting waiting) {
    underway.add(waiting, Stage.IN_FLIGHT);
  }

  /** Holds a cancel until its ring is answered. */
  void hold(Waiting cancel) {
    underway.add(cancel, Stage.HELD);
  }

  /** Notes that another server is asked to go on with one. */
  void offer(Waiting waiting) {
    underway.add(waiting, Stage.OFFERED);
  }

  /** Takes out one that was underway; false when it has ended meanwhile. */
  boolean comesBack(Waiting waiting) {
    return underway.remove(waiting);
  }

  /** Takes out one that waits in the queue or in a pause, and is to end. */
  void withdraw(Waiting waiting) {
    Stage was = waiting.stage;
    waiting.stage = Stage.ENDED;
    if (was == Stage.QUEUED) {
      queue.ended(waiting);
    } else {
      pausing.oneEnded();
    }
  }

  /** Takes out one that is not with the push service, and is to end. */
  void takeOut(Waiting waiting) {
    boolean isUnderway = waiting.stage == Stage.HELD || waiting.stage == Stage.OFFERED;
    if (!isUnderway || !comesBack(waiting)) {
      withdraw(waiting);
    }
  }

  /** Finds some, wherever they are. Looks at all. */
  List<Waiting> find(Predicate<Waiting> wanted) {
    return Stream.of(underway.stream(), pausing.stream(), queue.stream())
        .flatMap(Function.identity())
        .filter(wanted)
        .toList();
  }

  /** Takes the next to be sent out of the queue; null when none waits there. */
  Waiting next() {
    return queue.poll();
  }

  /** Takes out any one that is not underway; null when there is none. */
  Waiting pollWaiting() {
    Waiting next = pausing.poll();
    return next == null ? queue.poll() : next;
  }

  /** Takes out any one; null when there is none. */
  Waiting pollAny() {
    Waiting any = underway.poll();
    if (any == null) {
      return pollWaiting();
    }
    leave(any);
    return any;
  }

  private static void leave(Waiting underway) {
    if (underway.stage == Stage.IN_FLIGHT) {
      underway.leaveInFlight();
    }
  }

  /** To be called when something has been added: nothing may outlive its deadline. */
  void watchDeadlines() {
    deadlines.noLaterThan(Math.min(queue.nextDeadline(), underway.nextLook()));
  }

  private void deadlineCame() {
    long now = time.millis();
    for (int expired = 0; expired < InTurns.AT_A_TIME; expired++) {
      Waiting late = queue.pollExpired(now);
      if (late == null) {
        break;
      }
      expire.accept(late);
    }
    underway.expire(
        now,
        InTurns.AT_A_TIME,
        late -> {
          leave(late);
          expire.accept(late);
        });
    // What has expired may be what a cancel was held for.
    sendMore.run();
  }

  /** Sets no timer that nothing needs any more. */
  void rest() {
    if (pausing.peek() == null) {
      pauses.off();
    }
    deadlines.off();
    watchDeadlines();
  }

  /** What is left of the call that waits for its turn, in milliseconds; 0 when none does. */
  long callLeft() {
    long deadline = queue.nextCallDeadline();
    return deadline == Long.MAX_VALUE ? 0 : Math.max(0, deadline - time.millis());
  }

  /** How many wait: in the queue, in a pause, or held. */
  int waiting() {
    return queue.size() + pausing.size() + underway.held();
  }

  /** How many are with the push service. */
  int inFlight() {
    return underway.inFlight();
  }

  /** The calls in the queue. */
  QueueDepth calls() {
    return queue.calls(time.millis());
  }

  /** All others in the queue. */
  QueueDepth others() {
    return queue.others(time.millis());
  }
}
