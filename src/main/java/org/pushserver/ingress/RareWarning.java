// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.concurrent.TimeUnit;

/**
 * A warning that an attacker could bring about at any rate, told once a minute at the most.
 * Confined to one event loop.
 */
final class RareWarning {
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private long toldAt;
  private boolean told;
  private int untold;

  /**
   * Whether to tell it now.
   *
   * @param now nanoseconds
   */
  boolean isDue(long now) {
    if (told && now - toldAt < PAUSE_NANOS) {
      untold++;
      return false;
    }
    told = true;
    toldAt = now;
    return true;
  }

  /** How often it was not told since the last time; begins anew. */
  int untold() {
    int count = untold;
    untold = 0;
    return count;
  }
}
