// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.pushserver.spi.Reason;

/**
 * What became known of pushes after their ends, put among their steps: it is in the file of the
 * push, or in a later one. Blocks.
 */
final class LaterNotes {
  /** Whoever says something of a push does so within this time. */
  private static final long LONGEST_MS = Duration.ofDays(1).toMillis();

  private final Map<String, TrailReader.Summary> summaries;

  /**
   * @param summaries of closed files, by their names, as far as they are known
   */
  LaterNotes(Map<String, TrailReader.Summary> summaries) {
    this.summaries = summaries;
  }

  void addTo(FoundEntries found, List<StoredFile> files) {
    Map<UUID, List<TrailStep>> later = new HashMap<>();
    for (StoredFile file : files) {
      TrailReader.Summary summary = summaries.get(file.name());
      if (summary == null || summary.notes() > 0) {
        read(file, wanted(found, file), later, found);
      }
    }
    if (!later.isEmpty()) {
      found.replace((entry, since) -> with(entry, later.getOrDefault(entry.id(), List.of())));
    }
  }

  private static Set<UUID> wanted(FoundEntries found, StoredFile file) {
    Set<UUID> wanted = new HashSet<>();
    found.replace(
        (entry, since) -> {
          if (file.since() >= since && file.since() < entry.endedAt() + LONGEST_MS) {
            wanted.add(entry.id());
          }
          return entry;
        });
    return wanted;
  }

  private static void read(
      StoredFile file, Set<UUID> wanted, Map<UUID, List<TrailStep>> later, FoundEntries found) {
    if (wanted.isEmpty()) {
      return;
    }
    try (TrailReader reader = TrailReader.open(file.path(), file.closed())) {
      if (file.closed() && reader.summary().notes() == 0) {
        return;
      }
      reader
          .notes(wanted)
          .forEach(
              (push, steps) -> later.computeIfAbsent(push, one -> new ArrayList<>()).addAll(steps));
    } catch (SQLException | DamagedTrailException e) {
      if (Files.exists(file.path())) {
        found.remark("%s cannot be read to its end: %s".formatted(file.name(), Reason.of(e)));
      }
    }
  }

  private static TrailEntry with(TrailEntry entry, List<TrailStep> later) {
    if (later.isEmpty()) {
      return entry;
    }
    List<TrailStep> steps = new ArrayList<>(entry.steps());
    steps.addAll(later);
    steps.sort(Comparator.comparingLong(TrailStep::at));
    return entry.with(steps);
  }
}
