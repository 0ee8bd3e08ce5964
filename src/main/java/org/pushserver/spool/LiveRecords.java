// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.util.Arrays;
import java.util.UUID;
import org.pushserver.compact.HashIndex;

/**
 * Where the records are that were not forgotten, in a few arrays of numbers: some 50 bytes for
 * each. A record is named by its slot, which is good until it is removed. Not for several threads
 * at once.
 */
final class LiveRecords {
  /** No slot. */
  static final int NONE = -1;

  private static final int FEWEST = 256;

  private HashIndex index;
  private long[] most;
  private long[] least;
  private int[] segments;
  private int[] offsets;

  /** Of a slot that is free: the next one that is. */
  private int[] lengths;

  private int used;
  private int free;

  LiveRecords() {
    clear();
  }

  private void clear() {
    index = new HashIndex();
    most = new long[FEWEST];
    least = new long[FEWEST];
    segments = new int[FEWEST];
    offsets = new int[FEWEST];
    lengths = new int[FEWEST];
    used = 0;
    free = NONE;
  }

  int size() {
    return index.size();
  }

  /** What it takes of the heap. */
  int bytes() {
    return index.bytes() + most.length * (2 * Long.BYTES + 3 * Integer.BYTES);
  }

  /** {@return the slot of a record, or {@link #NONE}} */
  int find(UUID id) {
    return find(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** {@return the slot of a record, or {@link #NONE}} */
  int find(long idMost, long idLeast) {
    int place = index.first(hash(idMost, idLeast));
    while (place != HashIndex.NONE) {
      int slot = index.address(place);
      if (most[slot] == idMost && least[slot] == idLeast) {
        return slot;
      }
      place = index.next(place);
    }
    return NONE;
  }

  /** Adds one that is not there. */
  int add(long idMost, long idLeast) {
    int slot = free;
    if (slot == NONE) {
      slot = used++;
      if (slot == most.length) {
        grow();
      }
    } else {
      free = lengths[slot];
    }
    most[slot] = idMost;
    least[slot] = idLeast;
    index.add(hash(idMost, idLeast), slot);
    return slot;
  }

  private void grow() {
    int size = most.length * 2;
    most = Arrays.copyOf(most, size);
    least = Arrays.copyOf(least, size);
    segments = Arrays.copyOf(segments, size);
    offsets = Arrays.copyOf(offsets, size);
    lengths = Arrays.copyOf(lengths, size);
  }

  /** Says where a record is. */
  void place(int slot, int segment, int offset, int length) {
    segments[slot] = segment;
    offsets[slot] = offset;
    lengths[slot] = length;
  }

  void remove(int slot) {
    index.remove(index.find(hash(most[slot], least[slot]), slot));
    segments[slot] = NONE;
    lengths[slot] = free;
    free = slot;
    if (index.size() == 0 && most.length > FEWEST * 64) {
      // What an outage took is given back.
      clear();
    }
  }

  UUID id(int slot) {
    return new UUID(most[slot], least[slot]);
  }

  /** In which segment it is; {@link #NONE} when there is none in this slot. */
  int segment(int slot) {
    return segments[slot];
  }

  /** Where in its segment it begins. */
  int offset(int slot) {
    return offsets[slot];
  }

  /** How many bytes it takes there. */
  int length(int slot) {
    return lengths[slot];
  }

  /** Whether what is in a slot is still at this place. */
  boolean isAt(int slot, int segment, int offset) {
    return slot < used && segments[slot] == segment && offsets[slot] == offset;
  }

  /** The slots of all, or of those in one segment. */
  int[] slots(int segment) {
    int[] slots = new int[size()];
    int count = 0;
    for (int slot = 0; slot < used; slot++) {
      if (segments[slot] != NONE && (segment == NONE || segments[slot] == segment)) {
        slots[count++] = slot;
      }
    }
    return Arrays.copyOf(slots, count);
  }

  private static int hash(long idMost, long idLeast) {
    long mixed = (idMost ^ idLeast) * 0x9E37_79B9_7F4A_7C15L;
    return (int) (mixed >>> Integer.SIZE);
  }
}
