// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.concurrent.atomic.LongAdder;

/** What the trail has written, and what not. Any thread. */
public final class TrailCounts {
  /** Why something is not in the trail. */
  public enum Dropped {
    /** More came than could be written. */
    OVERLOAD,
    /** The disk was full, or could not be written to. */
    DISK,
    /** Another server writes to the same folder. */
    ANOTHER_SERVER,
    /** More refusals at the door came in a second than are kept. */
    REFUSALS,
    /** A delivered push that {@code trail_sample} leaves out. */
    SAMPLED
  }

  private static final Dropped[] REASONS = Dropped.values();

  private final LongAdder written = new LongAdder();
  private final LongAdder[] dropped = new LongAdder[REASONS.length];

  TrailCounts() {
    for (int i = 0; i < dropped.length; i++) {
      dropped[i] = new LongAdder();
    }
  }

  void written(long count) {
    written.add(count);
  }

  @SuppressWarnings("EnumOrdinal")
  void dropped(Dropped why) {
    dropped[why.ordinal()].increment();
  }

  /** The same of several. */
  @SuppressWarnings("EnumOrdinal")
  void dropped(Dropped why, int count) {
    dropped[why.ordinal()].add(count);
  }

  /** How many entries and notes were written. */
  public long written() {
    return written.sum();
  }

  /** How many were left out for one reason. */
  @SuppressWarnings("EnumOrdinal")
  public long droppedFor(Dropped why) {
    return dropped[why.ordinal()].sum();
  }

  /** How many were lost: those that were left out on purpose are not among them. */
  public long lost() {
    return droppedFor(Dropped.OVERLOAD)
        + droppedFor(Dropped.DISK)
        + droppedFor(Dropped.ANOTHER_SERVER);
  }
}
