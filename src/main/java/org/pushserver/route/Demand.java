// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

/**
 * How many connections a route is worth: one more when those it has stay full for half a second,
 * one less when it could have done without for five minutes. Pure; it is told, and it counts.
 */
final class Demand {
  /** From one {@link #look} to the next, in milliseconds. */
  static final long LOOK_MS = 100;

  /** From one {@link #review} to the next, in milliseconds. */
  static final long REVIEW_MS = 60_000;

  private static final int FULL_LOOKS = 5;
  private static final int QUIET_REVIEWS = 5;

  private final int most;
  private int wanted = 1;
  private int pressure;
  private int quiet;

  /**
   * @param most never wants more than so many
   */
  Demand(int most) {
    this.most = most;
  }

  /** How many there should be; at least 1. */
  int wanted() {
    return wanted;
  }

  boolean mayGrow() {
    return wanted < most;
  }

  /**
   * What one look at the route showed. A look that finds room takes one back that did not: a window
   * that is full but for moments is full.
   *
   * @param full whether requests have hardly room
   * @return whether to look again in {@link #LOOK_MS}
   */
  boolean look(boolean full) {
    pressure = full ? pressure + 1 : Math.max(0, pressure - 1);
    if (pressure >= FULL_LOOKS && mayGrow()) {
      wanted++;
      quiet = 0;
      pressure = 0;
    }
    return pressure > 0 && mayGrow();
  }

  /**
   * What the last minute was like.
   *
   * @param spare whether one connection less would have done
   */
  void review(boolean spare) {
    quiet = spare ? quiet + 1 : 0;
    if (quiet >= QUIET_REVIEWS && wanted > 1) {
      wanted--;
      quiet = 0;
    }
  }

  /** There are fewer now, and they are enough. */
  void settleFor(int fewer) {
    wanted = Math.max(1, Math.min(wanted, fewer));
    quiet = 0;
  }
}
