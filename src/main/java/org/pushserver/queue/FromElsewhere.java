// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way of what other threads say onto the event loop: however much they say at once, it costs
 * one turn. Any thread.
 */
final class FromElsewhere {
  private final Executor nextTurn;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isOnItsWay = new AtomicBoolean();

  /**
   * @param nextTurn runs a task on the event loop, from whichever thread
   */
  FromElsewhere(Executor nextTurn) {
    this.nextTurn = nextTurn;
  }

  /** Does something on the event loop, after all that was handed in before. */
  void onLoop(Runnable task) {
    tasks.add(task);
    come();
  }

  private void come() {
    if (isOnItsWay.compareAndSet(false, true)) {
      nextTurn.execute(this::some);
    }
  }

  private void some() {
    isOnItsWay.set(false);
    Runnable task = tasks.poll();
    for (int done = 1; task != null; done++) {
      task.run();
      if (done == InTurns.AT_A_TIME) {
        break;
      }
      task = tasks.poll();
    }
    if (!tasks.isEmpty()) {
      come();
    }
  }
}
