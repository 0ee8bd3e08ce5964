// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import java.util.function.DoubleSupplier;

/** How long to wait before the next try to connect: 0.5 s doubling to 30 s, each ±20 %. */
final class ReconnectDelay {
  private static final long FIRST_MS = 500;
  private static final long LONGEST_MS = 30_000;
  private static final double JITTER = 0.2;

  private final DoubleSupplier random;
  private long next = FIRST_MS;

  /**
   * @param random from 0 to 1; spreads the tries of many routes after a common outage
   */
  ReconnectDelay(DoubleSupplier random) {
    this.random = random;
  }

  /** The delay before the next try, in milliseconds. */
  long next() {
    long delay = next;
    next = Math.min(LONGEST_MS, next * 2);
    double spread = 1 + JITTER * (2 * random.getAsDouble() - 1);
    return Math.round(delay * spread);
  }

  /** Begins again with the shortest, after a connection that worked. */
  void reset() {
    next = FIRST_MS;
  }
}
