// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.concurrent.atomic.LongAdder;

/** What this server has done for others, and others for it, since it started. Any thread. */
public final class ClusterCounts {
  private final LongAdder forwarded = new LongAdder();
  private final LongAdder attemptsThroughOthers = new LongAdder();
  private final LongAdder attemptsForOthers = new LongAdder();
  private final LongAdder takenOver = new LongAdder();
  private final LongAdder possiblyDoubled = new LongAdder();

  /** Notes a push that came in here, and was handed to the server that it belongs to. */
  public void countForwarded() {
    forwarded.increment();
  }

  /** Notes an attempt of a push of this server that another has made. */
  public void countThroughOther() {
    attemptsThroughOthers.increment();
  }

  /** Notes an attempt that was made here for another server. */
  public void countForOther() {
    attemptsForOthers.increment();
  }

  /**
   * Notes a push of another server that goes on here.
   *
   * @param mayBeDoubled whether the other may still send it, or has
   */
  public void countTakenOver(boolean mayBeDoubled) {
    takenOver.increment();
    if (mayBeDoubled) {
      possiblyDoubled.increment();
    }
  }

  /** How many pushes came in here, and were handed to the server that they belong to. */
  public long forwarded() {
    return forwarded.sum();
  }

  /** How many attempts other servers have made for this one. */
  public long attemptsThroughOthers() {
    return attemptsThroughOthers.sum();
  }

  /** How many attempts were made here for other servers. */
  public long attemptsForOthers() {
    return attemptsForOthers.sum();
  }

  /** How many pushes of other servers went on here. */
  public long takenOver() {
    return takenOver.sum();
  }

  /** How many of those may have been sent twice. */
  public long possiblyDoubled() {
    return possiblyDoubled.sum();
  }
}
