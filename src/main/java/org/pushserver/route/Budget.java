// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

/**
 * How many requests a connection is given. Many a gateway closes each connection after the same
 * number of them, and what is beyond it is sent in vain; so two that end at about the same number
 * set the measure for the next ones. Now and then one is given more: the peer may have changed its
 * mind. Pure; it is told, and it counts.
 */
final class Budget {
  private static final int UNKNOWN = 0;

  /** Two counts are about the same when they differ by less than one part in so many. */
  private static final int ALIKE_PARTS = 8;

  /** Fewer say nothing: so many are in flight by chance. */
  private static final int FEWEST = 10;

  private static final int TRY_MORE_AFTER = 8;
  private static final int MORE_PARTS = 4;

  private final int limit;
  private int lastTaken = UNKNOWN;
  private int known = UNKNOWN;
  private int kept;

  /**
   * @param limit after so many requests a connection is replaced, whatever the peer does
   */
  Budget(int limit) {
    this.limit = limit;
  }

  /** After so many requests another connection is to be made. */
  int replaceAfter() {
    return known == UNKNOWN ? limit : Math.min(limit, Math.max(1, known / 2));
  }

  /** So many requests the peer will take on one connection, as far as we know. */
  int most() {
    return known == UNKNOWN ? Integer.MAX_VALUE : known;
  }

  /**
   * The peer has closed a connection.
   *
   * @param taken how many requests it has taken on it
   */
  void closedAfter(int taken) {
    boolean alike = Math.abs(taken - lastTaken) < Math.max(2, taken / ALIKE_PARTS);
    known = alike && taken >= FEWEST ? Math.min(taken, lastTaken) : UNKNOWN;
    lastTaken = taken;
    kept = 0;
  }

  /** A connection has carried what it was given, and the peer did not mind. */
  void kept() {
    if (known != UNKNOWN && ++kept >= TRY_MORE_AFTER) {
      kept = 0;
      known += Math.max(1, known / MORE_PARTS);
      // It may well be refused where it always was; then this is known at once.
    }
  }
}
