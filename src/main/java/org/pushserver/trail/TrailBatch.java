// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be written in one go: entries as bytes already, so that nothing else of a push is kept
 * for them, and notes. It can be written again when that has failed. Confined to one thread.
 */
final class TrailBatch {
  private final TrailBlock block = new TrailBlock();
  private final List<TrailBlock.Bytes> blocks = new ArrayList<>();
  private final List<TrailNote> notes = new ArrayList<>();
  private int entries;

  /**
   * Adds an entry.
   *
   * @throws RuntimeException when it cannot be written; then the others are as they were
   */
  void add(TrailEntry entry) {
    block.add(entry);
    entries++;
    if (block.isFull()) {
      seal();
    }
  }

  /** Adds what became known of a push after its end. */
  void add(TrailNote later) {
    notes.add(later);
  }

  private void seal() {
    blocks.add(block.bytes());
    block.clear();
  }

  /** How many entries and notes there are. */
  int count() {
    return entries + notes.size();
  }

  boolean isEmpty() {
    return count() == 0;
  }

  /** Adds all to a file, which is to commit it. */
  void addTo(TrailFile file) throws SQLException {
    if (block.count() > 0) {
      seal();
    }
    for (TrailBlock.Bytes one : blocks) {
      file.add(one);
    }
    for (TrailNote note : notes) {
      file.add(note);
    }
  }

  /** Begins again. */
  void clear() {
    block.clear();
    blocks.clear();
    notes.clear();
    entries = 0;
  }
}
