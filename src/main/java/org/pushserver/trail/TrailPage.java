// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.List;
import java.util.Objects;

/**
 * What a search has found.
 *
 * @param entries newest first
 * @param next the cursor of the next page; empty when there is nothing more
 * @param notes what the reader should know, each in a sentence: a file that cannot be read, records
 *     that were dropped
 */
public record TrailPage(List<TrailEntry> entries, String next, List<String> notes) {
  public TrailPage {
    entries = List.copyOf(entries);
    Objects.requireNonNull(next, "next");
    notes = List.copyOf(notes);
  }
}
