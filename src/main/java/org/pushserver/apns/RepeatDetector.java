// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.time.Duration;

/**
 * Tells a trouble that a new connection ends from one that comes back on it. Many pushes on several
 * connections may have met it before these were left; what counts is a connection that was made
 * later.
 */
final class RepeatDetector {
  private static final long MEMORY_NANOS = Duration.ofMinutes(20).toNanos();

  private boolean happened;
  private long happenedAt;
  private long lastOld;

  /**
   * Takes note of the trouble.
   *
   * @param connection that has it
   * @param newest the highest number of a connection so far
   * @return whether new connections do not help: one made since the last time, within 20 minutes,
   *     has the trouble, too
   */
  boolean cameBack(long connection, long newest, long nanos) {
    boolean recent = happened && nanos - happenedAt < MEMORY_NANOS;
    if (recent && connection <= lastOld) {
      return false;
    }
    happened = true;
    happenedAt = nanos;
    lastOld = newest;
    return recent;
  }
}
