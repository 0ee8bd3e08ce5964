// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.pushserver.spi.Doubling;

/**
 * How long a push waits before it is tried again, or that it is not tried again: pure arithmetic.
 *
 * <p>0.5 s, the T1 of RFC 3261 that SIP proxies retransmit by, doubled with each attempt up to 60
 * s, each ±20 % so that what failed together does not come back together. What the push service
 * asks for takes its place. The deadline decides when to stop, not a count.
 */
final class Backoff {
  private static final Doubling DOUBLING = new Doubling(500, 60_000);

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
    Duration delay =
        asked == null || asked.isZero() || asked.isNegative()
            ? Duration.ofMillis(DOUBLING.delay(failures, random))
            : asked;
    // Compared as durations: what a service asks for may be longer than a long has milliseconds.
    return delay.compareTo(Duration.ofMillis(remainingMs)) < 0
        ? OptionalLong.of(delay.toMillis())
        : OptionalLong.empty();
  }
}
