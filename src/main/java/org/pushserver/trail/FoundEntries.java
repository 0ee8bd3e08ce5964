// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a search has found so far, and what its reader should know. Confined to one thread. */
final class FoundEntries {
  private final TrailQuery query;
  private final List<Found> found = new ArrayList<>();
  private final Set<String> remarks = new LinkedHashSet<>();

  /** One of them, and its place. */
  private static final class Found {
    private TrailEntry entry;
    private final TrailPosition position;

    private Found(TrailEntry entry, TrailPosition position) {
      this.entry = entry;
      this.position = position;
    }
  }

  FoundEntries(TrailQuery query) {
    this.query = query;
  }

  /** Adds one, unless there is one more than may be told already. */
  void add(TrailEntry entry, TrailPosition position) {
    if (hasMore()) {
      return;
    }
    for (Found other : found) {
      if (!(other.position instanceof TrailPosition.Waiting)) {
        break;
      }
      if (other.entry.id().equals(entry.id())) {
        // It has ended in this moment.
        other.entry = entry;
        return;
      }
    }
    found.add(new Found(entry, position));
  }

  /** Whether there are as many as may be told. */
  boolean isFull() {
    return found.size() >= query.limit();
  }

  /** Whether there is one more. */
  boolean hasMore() {
    return found.size() > query.limit();
  }

  /** Takes a sentence for the reader. */
  void remark(String remark) {
    boolean unused = remarks.add(remark);
  }

  /** Tells of each that is in a file, and puts what it is told in its place. */
  void replace(Replacement replacement) {
    for (Found one : found) {
      if (one.position instanceof TrailPosition.Stored stored) {
        one.entry = replacement.of(one.entry, stored.since());
      }
    }
  }

  /** Makes another of an entry. */
  @FunctionalInterface
  interface Replacement {
    /**
     * What takes its place.
     *
     * @param since when its file was begun
     */
    TrailEntry of(TrailEntry entry, long since);
  }

  /**
   * What is told.
   *
   * @param all whether there was nothing more to look at
   * @param position how far it was looked
   * @param reached the same as a time; 0 when nothing was looked at
   */
  TrailPage page(boolean all, TrailPosition position, long reached) {
    List<TrailEntry> told = found.stream().limit(query.limit()).map(one -> one.entry).toList();
    String next = "";
    if (hasMore()) {
      next = found.get(query.limit() - 1).position.cursor();
    } else if (!all) {
      next = position.cursor();
      if (!isFull()) {
        remark(
            "Searched back to %s within %s seconds; go on with the cursor"
                .formatted(TrailJson.time(reached), FileSearch.PATIENCE.toSeconds()));
      }
    }
    return new TrailPage(told, next, List.copyOf(remarks));
  }
}
