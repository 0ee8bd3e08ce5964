// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import java.util.List;
import java.util.Objects;
import org.pushserver.trail.TrailEntry;

/** Says why a push ended as it did, or what it waits for. Any thread. */
public final class Causes {
  /** Read when it is asked for the first time. */
  private static final class Table {
    static final List<CauseRow> ROWS = CauseTable.read();
  }

  private Causes() {}

  /** Reads the table, so that nobody waits for that later. Blocks. */
  public static void load() {
    CauseRow last = Table.ROWS.get(Table.ROWS.size() - 1);
    Objects.requireNonNull(last, "the last row of the causes");
  }

  /**
   * The cause in one sentence: of the first row of the table that fits, and the last one fits all.
   * Pure, but that the first call reads the table from the jar.
   *
   * @param entry what is to be explained
   * @param before up to 50 entries of the same application that ended before it, newest first;
   *     empty when nobody looked: then nothing is said of how others fared
   */
  public static Explanation explain(TrailEntry entry, List<TrailEntry> before) {
    Facts facts = new Facts(entry, before);
    for (CauseRow row : Table.ROWS) {
      if (row.fits(facts)) {
        return row.explain(facts);
      }
    }
    throw new IllegalStateException("the last row of the causes fits all");
  }

  /** All rows, in their order, for whoever shows the table. */
  static List<CauseRow> rows() {
    return Table.ROWS;
  }
}
