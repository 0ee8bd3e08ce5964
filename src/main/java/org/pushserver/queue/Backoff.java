// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.pushserver.spi.Doubling;

/**
 * The pause before a push is tried again, or that it is not tried again: pure arithmetic.
 *
 * <p>0.5 s, the T1 of RFC 3261 that SIP proxies retransmit by, doubled with each attempt up to 60
 * s, each ±20 % so that what failed together does not come back together; but never more than half
 * of what is left, as long as that is 0.5 s. What the push service asks for takes its place. The
 * deadline decides when to stop, not a count.
 */
final class Backoff {
  /** Counts no more failures than that of a push that the service certainly did not see. */
  static final int MOST_SETBACKS = 3;

  private static final long SHORTEST_MS = 500;
  private static final Doubling DOUBLING = new Doubling(SHORTEST_MS, 60_000);

  private Backoff() {}

  /**
   * The delay before the next attempt.
   *
   * @param failures how often it was tried in vain, from 1
   * @param asked how long the push service asked to wait; null when it did not. "Not at all" counts
   *     as not asked: a service that is in trouble is not to be asked without a pause
   * @param remainingMs what is left until the deadline
   * @return milliseconds; empty when the next attempt would come too late
   */
  static OptionalLong delay(
      int failures, Duration asked, long remainingMs, RandomGenerator random) {
    if (asked == null || asked.isZero() || asked.isNegative()) {
      return own(failures, remainingMs, random);
    }
    // Compared as durations: what a service asks for may be longer than a long has milliseconds.
    return asked.compareTo(Duration.ofMillis(remainingMs)) < 0
        ? OptionalLong.of(asked.toMillis())
        : OptionalLong.empty();
  }

  /** The last part of a call's time is worth as much as the first: there, pauses halve again. */
  private static OptionalLong own(int failures, long remainingMs, RandomGenerator random) {
    long half = remainingMs / 2;
    long delay = DOUBLING.delay(failures, random);
    if (delay > half && half >= SHORTEST_MS) {
      return OptionalLong.of(half);
    }
    return delay < remainingMs ? OptionalLong.of(delay) : OptionalLong.empty();
  }
}
