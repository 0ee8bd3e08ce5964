// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Lock;

/**
 * The segments of a spool, as its writer sees them: how long they are, which of them can go, and
 * which is to be emptied before. Writer's thread; others know the index meanwhile, under its lock.
 */
final class SpoolSegments {
  private final Lock lock;
  private final SpoolIndex index;
  private final SpoolFolder folder;

  /**
   * @param lock guards the index
   */
  SpoolSegments(Lock lock, SpoolIndex index, SpoolFolder folder) {
    this.lock = lock;
    this.index = index;
    this.folder = folder;
  }

  /** A segment is there, and so long. */
  void size(int segment, long size) {
    lock.lock();
    try {
      index.size(segment, size);
    } finally {
      lock.unlock();
    }
  }

  /** {@return the oldest segment, when it can be deleted; else {@link SpoolIndex#NONE}} */
  int dead(int newest) {
    lock.lock();
    try {
      return index.oldestDead(newest);
    } finally {
      lock.unlock();
    }
  }

  void deleted(int segment) {
    lock.lock();
    try {
      index.deleted(segment);
    } finally {
      lock.unlock();
    }
  }

  /** The carrier of the oldest segment, when that is to be emptied; null when none is. */
  SpoolCarrier carrier(int newest) throws IOException {
    int segment;
    List<SpoolCarrier.Place> places = new ArrayList<>();
    lock.lock();
    try {
      segment = index.oldestToCarry(newest);
      if (segment == SpoolIndex.NONE) {
        return null;
      }
      LiveRecords live = index.records();
      Arrays.stream(live.slots(segment))
          .forEach(
              slot ->
                  places.add(new SpoolCarrier.Place(slot, live.offset(slot), live.length(slot))));
    } finally {
      lock.unlock();
    }
    places.sort(Comparator.comparingInt(SpoolCarrier.Place::offset));
    return new SpoolCarrier(segment, folder.segment(segment), places, folder.magic());
  }

  boolean isAt(int slot, int segment, int offset) {
    lock.lock();
    try {
      return index.records().isAt(slot, segment, offset);
    } finally {
      lock.unlock();
    }
  }

  /** Records that cannot be read any more are given up. */
  void lost(int segment, List<SpoolCarrier.Place> places) {
    lock.lock();
    try {
      for (SpoolCarrier.Place place : places) {
        LiveRecords live = index.records();
        if (live.isAt(place.slot(), segment, place.offset())) {
          boolean unused = index.forget(live.id(place.slot()));
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
