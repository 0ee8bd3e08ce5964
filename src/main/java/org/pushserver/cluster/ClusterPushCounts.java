// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.concurrent.atomic.LongAdder;

/** How many pushes crossed between the servers of the cluster, as this one saw it. Any thread. */
public final class ClusterPushCounts {
  private final LongAdder handed = new LongAdder();
  private final LongAdder arrived = new LongAdder();
  private final LongAdder copied = new LongAdder();
  private final LongAdder copyBytes = new LongAdder();
  private final LongAdder uncopied = new LongAdder();
  private final LongAdder takenUp = new LongAdder();
  private final LongAdder perhapsDoubled = new LongAdder();
  private final LongAdder doubled = new LongAdder();

  /** One was handed to the server that its call belongs to. */
  void handed() {
    handed.increment();
  }

  /** One came from the server that was asked for it. */
  void arrived() {
    arrived.increment();
  }

  /** Another server was sent copies, and had no room for some. */
  void copied(int pushes, int bytes, int refused) {
    copied.add(pushes - refused);
    copyBytes.add(bytes);
    uncopied.add(refused);
  }

  /** Another server did not say that it has copies. */
  void copyFailed(int pushes) {
    uncopied.add(pushes);
  }

  /** Pushes of a server that has gone are gone on with. */
  void takenUp(int pushes, boolean mayBeSending) {
    takenUp.add(pushes);
    if (mayBeSending) {
      perhapsDoubled.add(pushes);
    }
  }

  /** Pushes were gone on with that their server, when it came back, had ended itself. */
  void doubled(int pushes) {
    doubled.add(pushes);
  }

  /** {@return how many were handed to another server} */
  public long handedOver() {
    return handed.sum();
  }

  /** {@return how many came from another server} */
  public long arrivedFromOthers() {
    return arrived.sum();
  }

  /** {@return how many copies were made at another server} */
  public long copies() {
    return copied.sum();
  }

  /** {@return how much was said about copies, in bytes} */
  public long copiedBytes() {
    return copyBytes.sum();
  }

  /** {@return how many waited with no copy elsewhere, because nobody took one} */
  public long withoutCopy() {
    return uncopied.sum();
  }

  /** {@return how many of servers that had gone were gone on with} */
  public long takenUpFromOthers() {
    return takenUp.sum();
  }

  /** {@return how many of these may be sent twice, since their server was only silent} */
  public long perhapsDoubledPushes() {
    return perhapsDoubled.sum();
  }

  /** {@return how many were ended by two servers, as was seen when they met again} */
  public long doubledPushes() {
    return doubled.sum();
  }
}
