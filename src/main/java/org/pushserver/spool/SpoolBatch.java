// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What is gathered to be written in one go: first what is forgotten, then what is kept. */
final class SpoolBatch {
  final Map<UUID, PendingRecord> kept = new LinkedHashMap<>();
  final List<UUID> forgotten = new ArrayList<>();

  /** When the first of it came, by {@link System#nanoTime}. */
  private long since;

  boolean isEmpty() {
    return kept.isEmpty() && forgotten.isEmpty();
  }

  long since() {
    return since;
  }

  /** Something is about to be the first of it. */
  void begin() {
    since = System.nanoTime();
  }
}
