// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;

/**
 * One page of what several servers have found. Those of each server stay in its order; of two
 * servers the newer comes first. Nothing is left out between two pages: what one has found and this
 * page has no room for, its next one begins with. Confined to one thread.
 */
final class MergedPage {
  private final TrailQuery query;
  private final MergedCursor cursor;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<String, MergedCursor.Place> next = new HashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();

  /** What one server has found, and how much of it was told. */
  private static final class Part {
    private final String node;
    private final MergedCursor.Place place;
    private final List<TrailEntry> entries;
    private final String after;
    private int told;

    Part(String node, MergedCursor.Place place, TrailPage page) {
      this.node = node;
      this.place = place;
      this.entries = page.entries();
      this.after = page.next();
      this.told = alreadyTold();
    }

    /** What came in since then stands before it. */
    private int alreadyTold() {
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).id().equals(place.last())) {
          return i + 1;
        }
      }
      return Math.min(place.count(), entries.size());
    }

    boolean isTold() {
      return told == entries.size();
    }

    /** Null when it has no more. */
    MergedCursor.Place next() {
      if (!isTold()) {
        return told == 0
            ? place
            : new MergedCursor.Place(place.cursor(), entries.get(told - 1).id(), told);
      }
      return after.isEmpty() ? null : new MergedCursor.Place(after, null, 0);
    }
  }

  MergedPage(TrailQuery query, MergedCursor cursor) {
    this.query = query;
    this.cursor = cursor;
  }

  /** What a server is to be asked for. */
  TrailQuery query(String node) {
    MergedCursor.Place place = cursor.of(node);
    return query
        .after(place.cursor())
        .atMost(Math.min(TrailQuery.MOST, query.limit() + place.count()));
  }

  /** Takes what a server has found. */
  void add(String node, TrailPage page) {
    parts.put(node, new Part(node, cursor.of(node), page));
    page.notes().forEach(note -> notes.add(node + ": " + note));
  }

  /** Notes that a server has told nothing. */
  void missing(String node, String why) {
    next.put(node, cursor.of(node));
    notes.add("Server " + node + " is missing here: " + why);
  }

  /** What is told of it. */
  TrailPage page() {
    List<TrailEntry> told = new ArrayList<>();
    for (Part part = newest(); part != null && told.size() < query.limit(); part = newest()) {
      TrailEntry entry = part.entries.get(part.told++);
      if (query.fits(entry)) {
        told.add(entry.foundAt(part.node));
      }
    }
    parts.forEach(
        (node, part) -> {
          MergedCursor.Place place = part.next();
          if (place != null) {
            next.put(node, place);
          }
        });
    boolean isOnlyMissing = next.keySet().stream().noneMatch(parts::containsKey);
    return new TrailPage(told, isOnlyMissing ? "" : MergedCursor.text(next), List.copyOf(notes));
  }

  /** The one whose next entry is the newest; null when it cannot be known, or there is none. */
  private Part newest() {
    Part newest = null;
    for (Part part : parts.values()) {
      if (part.isTold()) {
        if (!part.after.isEmpty()) {
          // It may have one that is newer than all others.
          return null;
        }
      } else if (newest == null || at(part) > at(newest)) {
        newest = part;
      }
    }
    return newest;
  }

  private static long at(Part part) {
    return part.entries.get(part.told).at();
  }
}
