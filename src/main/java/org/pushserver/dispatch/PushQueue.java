// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The pushes of one application that wait for their turn: calls before all others, within each the
 * oldest first. Confined to one event loop.
 *
 * <p>Ordered by deadline, which within a lane is the order of arrival, and within a millisecond by
 * arrival itself: so a push that comes back from a failed attempt takes its old place, a cancel
 * never overtakes its ring, and the next to expire is always at a head.
 */
final class PushQueue {
  private final PriorityQueue<Waiting> calls = lane();
  private final PriorityQueue<Waiting> others = lane();

  private long arrived;

  private static PriorityQueue<Waiting> lane() {
    return new PriorityQueue<>(
        Comparator.comparingLong((Waiting w) -> w.push.deadline())
            .thenComparingLong((Waiting w) -> w.place));
  }

  void add(Waiting waiting) {
    if (waiting.place == 0) {
      waiting.place = ++arrived;
    }
    (waiting.push.event().kind().isCall() ? calls : others).add(waiting);
  }

  /** Takes out the next to be sent; null when none waits. */
  Waiting poll() {
    return calls.isEmpty() ? others.poll() : calls.poll();
  }

  /** Takes out one whose deadline has come; null when there is none. */
  Waiting pollExpired(long now) {
    if (expired(calls, now)) {
      return calls.poll();
    }
    return expired(others, now) ? others.poll() : null;
  }

  private static boolean expired(PriorityQueue<Waiting> lane, long now) {
    return !lane.isEmpty() && lane.peek().push.deadline() <= now;
  }

  /**
   * When the next one expires, milliseconds since the epoch; {@link Long#MAX_VALUE} when none
   * waits.
   */
  long nextDeadline() {
    return Math.min(deadline(calls), deadline(others));
  }

  private static long deadline(PriorityQueue<Waiting> lane) {
    return lane.isEmpty() ? Long.MAX_VALUE : lane.peek().push.deadline();
  }

  int size() {
    return calls.size() + others.size();
  }
}
