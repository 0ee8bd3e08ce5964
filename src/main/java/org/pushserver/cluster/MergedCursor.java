// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How far a search in the trails of several servers has come: for each of them the cursor of its
 * page, and the last of that page's entries that was told. A server that has nothing more is not in
 * it. Immutable.
 */
record MergedCursor(Map<String, Place> places) {
  private static final String MARK = "n~";
  private static final String BETWEEN = "!";
  private static final String WITHIN = "~";

  /** Those of the first page, where all are asked. */
  private static final MergedCursor START = new MergedCursor(null);

  /**
   * How far it has come at one server.
   *
   * @param cursor of the page that was not told to its end
   * @param last the last entry of it that was told; null when none was
   * @param count so many were told
   */
  record Place(String cursor, UUID last, int count) {
    static final Place START = new Place("", null, 0);
  }

  /**
   * Reads a cursor.
   *
   * @param cursor empty for the beginning; one that a server has made alone is of this one
   * @param self the name of this one
   * @throws IllegalArgumentException when it is none
   */
  static MergedCursor of(String cursor, String self) {
    if (cursor.isEmpty()) {
      return START;
    }
    Map<String, Place> places = new LinkedHashMap<>();
    if (!cursor.startsWith(MARK)) {
      places.put(self, new Place(cursor, null, 0));
      return new MergedCursor(places);
    }
    for (String one : cursor.substring(MARK.length()).split(BETWEEN, -1)) {
      String[] parts = one.split(WITHIN, -1);
      if (parts.length != 4) {
        throw new IllegalArgumentException("not a cursor");
      }
      places.put(
          parts[0],
          new Place(
              parts[1],
              parts[2].isEmpty() ? null : UUID.fromString(parts[2]),
              Integer.parseInt(parts[3])));
    }
    return new MergedCursor(places);
  }

  /** Whether a server may have more. */
  boolean wants(String node) {
    return places == null || places.containsKey(node);
  }

  /** How far it has come at a server. */
  Place of(String node) {
    return places == null ? Place.START : places.get(node);
  }

  /** For whoever wants to go on from here; empty when no server has more. */
  static String text(Map<String, Place> places) {
    return places.isEmpty()
        ? ""
        : places.entrySet().stream()
            .map(MergedCursor::text)
            .collect(Collectors.joining(BETWEEN, MARK, ""));
  }

  private static String text(Map.Entry<String, Place> one) {
    Place place = one.getValue();
    return String.join(
        WITHIN,
        one.getKey(),
        place.cursor(),
        place.last() == null ? "" : place.last().toString(),
        Integer.toString(place.count()));
  }
}
