// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.UUID;

/**
 * How far a search has come: what was told lies at this place or is newer. It stays good while new
 * records come, files are closed, and old files go. Immutable.
 */
sealed interface TrailPosition {
  /** Nothing was told yet. */
  Waiting START = new Waiting(Long.MAX_VALUE, new UUID(-1, -1));

  /** What ends a cursor's parts. */
  String DOT = ".";

  /**
   * Among those that have not ended.
   *
   * @param at of the last one
   * @param id of the last one
   */
  record Waiting(long at, UUID id) implements TrailPosition {
    boolean isBefore(TrailEntry entry) {
      return entry.at() < at || (entry.at() == at && entry.id().compareTo(id) < 0);
    }

    @Override
    public String cursor() {
      return "w" + DOT + Long.toHexString(at) + DOT + id;
    }
  }

  /**
   * Among those in files.
   *
   * @param since when the file was begun
   * @param block the number of the block in it
   * @param index of the last entry that was told; 0 when all of the block was looked at
   */
  record Stored(long since, int block, int index) implements TrailPosition {
    @Override
    public String cursor() {
      return Long.toHexString(since)
          + DOT
          + Integer.toHexString(block)
          + DOT
          + Integer.toHexString(index);
    }
  }

  /** For whoever wants to go on from here. */
  String cursor();

  /**
   * Reads a cursor.
   *
   * @param cursor empty for the beginning
   * @throws IllegalArgumentException when it is none
   */
  static TrailPosition of(String cursor) {
    if (cursor.isEmpty()) {
      return START;
    }
    String[] parts = cursor.split("\\.", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a cursor");
    }
    if (parts[0].equals("w")) {
      return new Waiting(Long.parseLong(parts[1], 16), UUID.fromString(parts[2]));
    }
    return new Stored(
        Long.parseLong(parts[0], 16),
        Integer.parseInt(parts[1], 16),
        Integer.parseInt(parts[2], 16));
  }
}
