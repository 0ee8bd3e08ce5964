// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.concurrent.atomic.AtomicLong;
import org.pushserver.spi.Time;

/**
 * So many refusals at the door are kept in a second, and no more: whoever floods the door must not
 * push the records of pushes out. Any thread.
 */
final class RefusalLimit {
  private static final int COUNT_BITS = 16;

  private final int most;
  private final Time time;

  /** The second, and how many there were in it. */
  private final AtomicLong second = new AtomicLong();

  /**
   * @param most in a second, less than 65536
   */
  RefusalLimit(int most, Time time) {
    this.most = most;
    this.time = time;
  }

  /** Whether one more is kept. */
  boolean allows() {
    long now = time.millis() / 1000;
    long after =
        second.updateAndGet(
            before -> {
              long count = before & ((1 << COUNT_BITS) - 1);
              return before >> COUNT_BITS != now
                  ? now << COUNT_BITS | 1
                  : count > most ? before : before + 1;
            });
    return (after & ((1 << COUNT_BITS) - 1)) <= most;
  }
}
