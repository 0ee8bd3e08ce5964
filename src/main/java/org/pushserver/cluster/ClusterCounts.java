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
  private final LongAdder doubled = new LongAdder();
  private final LongAdder copies = new LongAdder();
  private final LongAdder withoutCopy = new LongAdder();

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
   * Notes pushes of another server that go on here.
   *
   * @param mayBeDoubled whether the other may still send them, or has
   */
  public void countTakenOver(int pushes, boolean mayBeDoubled) {
    takenOver.add(pushes);
    if (mayBeDoubled) {
      possiblyDoubled.add(pushes);
    }
  }

  /** Notes pushes that went on here and that the other server, when it came back, had ended. */
  public void countDoubled(int pushes) {
    doubled.add(pushes);
  }

  /**
   * Notes pushes of this server that were copied to another.
   *
   * @param refused how many of them it did not take
   */
  public void countCopies(int pushes, int refused) {
    copies.add(pushes - refused);
    withoutCopy.add(refused);
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

  /** How many pushes were ended by two servers, as was seen when they met again. */
  public long doubled() {
    return doubled.sum();
  }

  /** How many pushes of this server have had a copy at another. */
  public long copies() {
    return copies.sum();
  }

  /** How many should have had one, and no server took it in time. */
  public long withoutCopy() {
    return withoutCopy.sum();
  }
}
