// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.pushserver.spi.Reason;

/**
 * Searches the files of the trail, the newest first: those that are closed by their keys, the one
 * that is written by a look at all of its blocks. Blocks; any thread, and several at a time.
 */
final class FileSearch {
  /** How long one search may take; then it tells what it has, and where to go on. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How long it looks whether there is more than it may tell. */
  private static final Duration CURIOSITY = Duration.ofMillis(50);

  private final TrailFiles files;
  private final LongSupplier nanos;

  /** Of the closed files, by their names. */
  private final Map<String, TrailReader.Summary> summaries = new ConcurrentHashMap<>();

  /**
   * @param nanos a clock that is never set
   */
  FileSearch(TrailFiles files, LongSupplier nanos) {
    this.files = files;
    this.nanos = nanos;
  }

  /**
   * Searches.
   *
   * @param waiting what has not ended, of all applications
   * @throws IllegalArgumentException when the cursor is none
   */
  TrailPage search(TrailQuery query, List<TrailEntry> waiting) {
    return new Run(query).page(waiting);
  }

  /** One search. */
  private final class Run {
    private final TrailQuery query;
    private final QueryKeys keys;
    private final FoundEntries found;
    private final long begun = nanos.getAsLong();
    private TrailPosition position;
    private long reached;
    private boolean looked;

    Run(TrailQuery query) {
      this.query = query;
      this.keys = QueryKeys.of(query);
      this.position = TrailPosition.of(query.cursor());
      this.found = new FoundEntries(query);
    }

    TrailPage page(List<TrailEntry> waiting) {
      if (position instanceof TrailPosition.Waiting from) {
        waiting.stream()
            .filter(entry -> from.isBefore(entry) && query.fits(entry))
            .sorted(
                Comparator.comparingLong(TrailEntry::at).thenComparing(TrailEntry::id).reversed())
            .limit(query.limit() + 1L)
            .forEach(entry -> found.add(entry, new TrailPosition.Waiting(entry.at(), entry.id())));
      }
      List<StoredFile> there = List.of();
      boolean all = false;
      try {
        there = files.list();
        files
            .damaged()
            .forEach(
                path ->
                    found.remark(
                        "%s is damaged, and what it holds is missing here"
                            .formatted(path.getFileName())));
        files
            .newer()
            .forEach(
                name ->
                    found.remark(
                        "%s is of a newer Pushserver, and what it holds is missing here"
                            .formatted(name)));
        all = look(there);
        new LaterNotes(summaries).addTo(found, there);
        forget(there);
      } catch (IOException e) {
        found.remark("The files of the trail cannot be listed: " + Reason.of(e));
        all = true;
      }
      return found.page(all, position, reached);
    }

    /** Whether all files were looked at. */
    private boolean look(List<StoredFile> there) {
      long nextBegun = Long.MAX_VALUE;
      for (StoredFile file : there) {
        boolean told = position instanceof TrailPosition.Stored from && file.since() > from.since();
        if (!told && nextBegun > query.from() && !look(file)) {
          return false;
        }
        nextBegun = file.since();
      }
      return true;
    }

    private boolean look(StoredFile file) {
      TrailReader.Summary known = file.closed() ? summaries.get(file.name()) : null;
      if (known != null && !isOfTime(known)) {
        // To open it takes most of the time.
        position = new TrailPosition.Stored(file.since(), 0, 0);
        return true;
      }
      try (TrailReader reader = TrailReader.open(file.path(), file.closed())) {
        if (mayHold(file, reader) && !look(file, reader)) {
          return false;
        }
      } catch (SQLException e) {
        unreadable(file, e);
      }
      position = new TrailPosition.Stored(file.since(), 0, 0);
      return true;
    }

    private boolean mayHold(StoredFile file, TrailReader reader) throws SQLException {
      return !file.closed() || isOfTime(summary(file, reader));
    }

    private boolean isOfTime(TrailReader.Summary summary) {
      return summary.lastAt() >= query.from() && summary.firstAt() < query.to();
    }

    private boolean look(StoredFile file, TrailReader reader) throws SQLException {
      TrailPosition.Stored from =
          position instanceof TrailPosition.Stored stored && stored.since() == file.since()
              ? stored
              : new TrailPosition.Stored(file.since(), Integer.MAX_VALUE, 0);
      int before = from.index() == 0 ? from.block() : from.block() + 1;
      for (int no : keys.blocks(reader, before)) {
        if (isOver()) {
          return false;
        }
        looked = true;
        try {
          look(reader.block(no), file.since(), no == from.block() ? from.index() : 0);
        } catch (DamagedTrailException e) {
          found.remark("%s: %s; it is left out".formatted(file.name(), e.getMessage()));
        }
        position = new TrailPosition.Stored(file.since(), no, 0);
      }
      return true;
    }

    private void look(TrailReader.Block block, long since, int before) {
      List<TrailEntry> entries = block.entries();
      // A cursor is what its sender says it is.
      int end = before == 0 ? entries.size() : Math.min(before, entries.size());
      for (int i = end - 1; i >= 0; i--) {
        TrailEntry entry = entries.get(i);
        if (query.fits(entry)) {
          found.add(entry, new TrailPosition.Stored(since, block.no(), i));
        }
      }
      reached = block.firstAt();
    }

    /** At least one block is looked at: who asks again comes to an end. */
    private boolean isOver() {
      Duration patience = found.isFull() ? CURIOSITY : PATIENCE;
      return found.hasMore() || (looked && nanos.getAsLong() - begun > patience.toNanos());
    }

    private void unreadable(StoredFile file, SQLException cause) {
      if (!Files.exists(file.path())) {
        // It was too old, and has gone in this moment.
        return;
      }
      if (file.closed() && TrailSchema.isDamage(cause)) {
        files.setAside(file.path(), Reason.of(cause));
      }
      found.remark("%s cannot be read: %s".formatted(file.name(), Reason.of(cause)));
    }
  }

  private TrailReader.Summary summary(StoredFile file, TrailReader reader) throws SQLException {
    TrailReader.Summary known = summaries.get(file.name());
    if (known == null) {
      known = reader.summary();
      summaries.put(file.name(), known);
    }
    return known;
  }

  /** Of files that have gone nothing stays. */
  private void forget(List<StoredFile> there) {
    if (summaries.size() > there.size()) {
      Set<String> names = there.stream().map(StoredFile::name).collect(Collectors.toSet());
      summaries.keySet().retainAll(names);
    }
  }
}
