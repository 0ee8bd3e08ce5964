// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.util.TreeMap;
import java.util.UUID;

/** Which records live, and in which segments, so that the dead ones go. Guarded by who has it. */
final class SpoolIndex {
  /** No segment. */
  static final int NONE = LiveRecords.NONE;

  /** So much may be dead before what lives is carried on, and the same again as lives. */
  private final long deadBytes;

  private final LiveRecords live = new LiveRecords();
  private final TreeMap<Integer, Segment> segments = new TreeMap<>();
  private long liveBytes;
  private long totalBytes;

  private static final class Segment {
    private long size;
    private int live;
  }

  /**
   * @param deadBytes how much may be dead on disk, beside as much as lives
   */
  SpoolIndex(long deadBytes) {
    this.deadBytes = deadBytes;
  }

  /** A segment is there, and so long. */
  void size(int segment, long size) {
    Segment known = segments.computeIfAbsent(segment, number -> new Segment());
    totalBytes += size - known.size;
    known.size = size;
  }

  /** A record is kept here, and nowhere else. */
  int put(UUID id, int segment, int offset, int length) {
    int slot = live.find(id);
    if (slot == LiveRecords.NONE) {
      slot = live.add(id.getMostSignificantBits(), id.getLeastSignificantBits());
    } else {
      leave(slot);
    }
    live.place(slot, segment, offset, length);
    segments.get(segment).live++;
    liveBytes += length;
    return slot;
  }

  private void leave(int slot) {
    segments.get(live.segment(slot)).live--;
    liveBytes -= live.length(slot);
  }

  /** {@return the slot of a record, or {@link LiveRecords#NONE}} */
  int find(UUID id) {
    return live.find(id);
  }

  /** {@return whether it was kept} */
  boolean forget(UUID id) {
    int slot = live.find(id);
    if (slot == LiveRecords.NONE) {
      return false;
    }
    leave(slot);
    live.remove(slot);
    return true;
  }

  LiveRecords records() {
    return live;
  }

  /** A record is somewhere else now, unless it has been forgotten, or kept anew, meanwhile. */
  void move(CarriedRecord one) {
    if (live.isAt(one.slot(), one.segment(), one.offset())) {
      UUID id = live.id(one.slot());
      int unused = put(id, one.newSegment(), one.newOffset(), live.length(one.slot()));
    }
  }

  /** The oldest segment, when nothing in it lives and it is not the newest; else {@link #NONE}. */
  int oldestDead(int newest) {
    return !segments.isEmpty()
            && segments.firstKey() != newest
            && segments.firstEntry().getValue().live == 0
        ? segments.firstKey()
        : NONE;
  }

  /** The oldest segment, when what lives in it is to be carried on; else {@link #NONE}. */
  int oldestToCarry(int newest) {
    return !segments.isEmpty()
            && segments.firstKey() != newest
            && totalBytes > 2 * liveBytes + deadBytes
        ? segments.firstKey()
        : NONE;
  }

  /** A segment has gone. */
  void deleted(int segment) {
    totalBytes -= segments.remove(segment).size;
  }

  /** What all segments have, in bytes. */
  long totalBytes() {
    return totalBytes;
  }
}
