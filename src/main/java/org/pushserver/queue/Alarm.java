// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import org.pushserver.spi.Time;

/**
 * The timer for the first of many things that fall due, however many they are. Confined to one
 * event loop.
 */
final class Alarm {
  private static final long NEVER = Long.MAX_VALUE;

  private final Time time;
  private final Runnable task;
  private long setFor = NEVER;
  private long timer;

  /**
   * @param task runs when the time has come; sets the alarm again for what is next
   */
  Alarm(Time time, Runnable task) {
    this.time = time;
    this.task = task;
  }

  /**
   * Something falls due.
   *
   * @param at by {@link Time#millis}; {@link Long#MAX_VALUE} when nothing does. Later than what it
   *     is set for changes nothing
   */
  void noLaterThan(long at) {
    if (at < setFor) {
      off();
      setFor = at;
      timer = time.timer(Math.max(0, at - time.millis()), this::ring);
    }
  }

  private void ring() {
    setFor = NEVER;
    task.run();
  }

  /** Nothing is waited for any more. */
  void off() {
    if (setFor != NEVER) {
      time.cancel(timer);
      setFor = NEVER;
    }
  }
}
