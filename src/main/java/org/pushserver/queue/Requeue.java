// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Comparator;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Time;

/**
 * The pushes of one application that were told to wait, by the time at which they go back to its
 * queue. One timer serves them all. Confined to one event loop.
 */
final class Requeue {
  private final Time time;
  private final PushQueue queue;
  private final Runnable released;
  private final Alarm alarm;
  private final WaitingHeap pausing =
      new WaitingHeap(Comparator.comparingLong((Waiting w) -> w.dueAt));

  /**
   * @param released called when some have gone back to the queue
   */
  Requeue(Time time, PushQueue queue, Runnable released) {
    this.time = time;
    this.queue = queue;
    this.released = released;
    this.alarm = new Alarm(time, this::due);
  }

  /**
   * @param delayMs 0 or more
   */
  void add(Waiting waiting, long delayMs) {
    waiting.stage = Stage.BACKING_OFF;
    waiting.dueAt = time.millis() + delayMs;
    pausing.add(waiting);
    alarm.noLaterThan(waiting.dueAt);
  }

  private void due() {
    Waiting next = pausing.peek();
    for (int back = 0;
        back < InTurns.AT_A_TIME && next != null && next.dueAt <= time.millis();
        back++) {
      queue.add(pausing.poll());
      next = pausing.peek();
    }
    if (next != null) {
      alarm.noLaterThan(next.dueAt);
    }
    released.run();
  }

  /** To be called when one that is in here has just ended. */
  void ended() {
    pausing.oneEnded();
  }

  /** Takes out any one; null when there is none. */
  Waiting poll() {
    return pausing.poll();
  }

  /** To be called when it has been emptied from outside. */
  void rest() {
    if (pausing.peek() == null) {
      alarm.off();
    }
  }

  int size() {
    return pausing.size();
  }
}
