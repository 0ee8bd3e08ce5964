// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.random.RandomGenerator;

/**
 * Delays that double with each failure up to a longest, each ±20 % so that what failed together
 * does not come back together. Pure; any thread.
 *
 * @param firstMs the delay after the first failure, in milliseconds
 * @param longestMs what it never exceeds but for the jitter, in milliseconds
 */
public record Doubling(long firstMs, long longestMs) {
  private static final double JITTER = 0.2;
  private static final int MOST_SHIFTS = 30;

  /**
   * The delay before the next try, in milliseconds.
   *
   * @param failures how often it failed in a row, from 1
   * @param random where the jitter comes from
   * @return 0 or more
   */
  public long delay(int failures, RandomGenerator random) {
    long doubled = firstMs << Math.min(Math.max(failures, 1) - 1, MOST_SHIFTS);
    double spread = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Math.round(Math.min(doubled, longestMs) * spread);
  }
}
