// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file of the trail, closed or still being written. To be closed soon: while it is open, a
 * file that is being written cannot be closed. What the index of a closed file says is told without
 * opening the file. Blocks; confined to one thread.
 */
final class TrailReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrailReader.class);

  private static final int NOTES_AT_ONCE = 500;

  private final Path path;
  private final boolean closed;

  /** Null when there is none. */
  private final KeyIndex index;

  /** Null while nothing of it was needed. */
  private Connection opened;

  /**
   * Entries that were written together.
   *
   * @param no its number: higher in one that was written later, from 1
   * @param firstAt the earliest {@code at} of its entries
   * @param lastAt the latest
   * @param entries in the order in which they ended
   */
  record Block(int no, long firstAt, long lastAt, List<TrailEntry> entries) {
    Block {
      entries = List.copyOf(entries);
    }
  }

  /**
   * What is known of a closed file as a whole.
   *
   * @param entries how many there are
   * @param notes how many there are
   * @param firstAt the earliest {@code at} of its entries; 0 without entries
   * @param lastAt the latest
   */
  record Summary(long entries, long notes, long firstAt, long lastAt) {}

  private TrailReader(Path path, boolean closed, KeyIndex index) {
    this.path = path;
    this.closed = closed;
    this.index = index;
  }

  /**
   * Opens a file.
   *
   * @param closed whether it never changes any more: then it is read without a lock
   */
  static TrailReader open(Path path, boolean closed) {
    return new TrailReader(path, closed, closed ? index(path) : null);
  }

  /** Without it all is found, too, only later. */
  private static KeyIndex index(Path path) {
    try {
      return KeyIndex.open(path);
    } catch (IOException e) {
      LOG.debug("{}", path, e);
      return null;
    }
  }

  private Connection file() throws SQLException {
    if (opened == null) {
      opened = TrailSchema.read(path, closed);
    }
    return opened;
  }

  /** What is known of it; of an open one, until now. */
  Summary summary() throws SQLException {
    return index == null ? summary(file()) : index.summary();
  }

  /** The same, by a look at all of its blocks. */
  static Summary summary(Connection file) throws SQLException {
    try (PreparedStatement query =
            file.prepareStatement(
                "SELECT coalesce(sum(count), 0), (SELECT count(*) FROM note),"
                    + " coalesce(min(first_at), 0), coalesce(max(last_at), 0) FROM block");
        ResultSet row = query.executeQuery()) {
      return row.next()
          ? new Summary(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4))
          : new Summary(0, 0, 0, 0);
    }
  }

  /**
   * The numbers of the blocks that may have an entry with a key, newest first.
   *
   * @param key of {@link TrailKeys}
   * @param before only those with a lower number; {@link Integer#MAX_VALUE} for all
   * @param most so many at the most
   */
  int[] blocksWith(long key, int before, int most) throws SQLException {
    if (index != null) {
      try {
        return index.find(key, before, most);
      } catch (IOException e) {
        LOG.debug("{}", path, e);
      }
    }
    int[] found = new int[16];
    int count = 0;
    try (PreparedStatement query =
        file().prepareStatement("SELECT no, keys FROM block WHERE no < ? ORDER BY no DESC")) {
      query.setInt(1, before);
      try (ResultSet row = query.executeQuery()) {
        while (count < most && row.next()) {
          if (TrailBlock.has(row.getBytes(2), key)) {
            if (count == found.length) {
              found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] = row.getInt(1);
          }
        }
      }
    }
    return Arrays.copyOf(found, count);
  }

  /**
   * The numbers of the blocks that may have an entry of a time, newest first.
   *
   * @param from the earliest {@code at}
   * @param to the latest, exclusive
   * @param before only those with a lower number; {@link Integer#MAX_VALUE} for all
   * @param most so many at the most
   */
  int[] blocksOf(long from, long to, int before, int most) throws SQLException {
    try (PreparedStatement query =
        file()
            .prepareStatement(
                "SELECT no FROM block WHERE no < ? AND last_at >= ? AND first_at < ?"
                    + " ORDER BY no DESC LIMIT ?")) {
      query.setInt(1, before);
      query.setLong(2, from);
      query.setLong(3, to);
      query.setInt(4, most);
      List<Integer> found = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.add(row.getInt(1));
        }
      }
      return found.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /**
   * Reads a block.
   *
   * @throws DamagedTrailException when it is not what was written; others may be
   */
  Block block(int no) throws SQLException, DamagedTrailException {
    try (PreparedStatement query =
        file().prepareStatement("SELECT first_at, last_at, count, data FROM block WHERE no = ?")) {
      query.setInt(1, no);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new DamagedTrailException("block " + no + " is missing");
        }
        return new Block(
            no, row.getLong(1), row.getLong(2), TrailBlock.entries(row.getBytes(4), row.getInt(3)));
      }
    }
  }

  /** What became known of a push later, as far as this file has it. */
  List<TrailNote> notes(UUID push) throws SQLException, DamagedTrailException {
    BlockOutput id = new BlockOutput();
    id.uuid(push);
    List<TrailNote> notes = new ArrayList<>();
    try (PreparedStatement query =
        file()
            .prepareStatement(
                "SELECT app_id, platform, call_id, step FROM note WHERE push = ? ORDER BY rowid")) {
      query.setBytes(1, id.toBytes());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          notes.add(
              new TrailNote(
                  push,
                  new AppKey(row.getString(1), row.getString(2)),
                  row.getString(3),
                  TrailBlock.step(row.getBytes(4))));
        }
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new DamagedTrailException("a note cannot be read", e);
    }
    return notes;
  }

  /** The same of several, with only the steps; those of which nothing is known are missing. */
  Map<UUID, List<TrailStep>> notes(Collection<UUID> pushes)
      throws SQLException, DamagedTrailException {
    Map<UUID, List<TrailStep>> notes = new HashMap<>();
    List<UUID> all = List.copyOf(pushes);
    for (int from = 0; from < all.size(); from += NOTES_AT_ONCE) {
      read(all.subList(from, Math.min(all.size(), from + NOTES_AT_ONCE)), notes);
    }
    return notes;
  }

  private void read(List<UUID> pushes, Map<UUID, List<TrailStep>> notes)
      throws SQLException, DamagedTrailException {
    String marks = String.join(",", Collections.nCopies(pushes.size(), "?"));
    try (PreparedStatement query =
        file()
            .prepareStatement(
                "SELECT push, step FROM note WHERE push IN (" + marks + ") ORDER BY rowid")) {
      for (int i = 0; i < pushes.size(); i++) {
        BlockOutput id = new BlockOutput();
        id.uuid(pushes.get(i));
        query.setBytes(i + 1, id.toBytes());
      }
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          UUID push = new BlockInput(row.getBytes(1)).uuid();
          notes
              .computeIfAbsent(push, one -> new ArrayList<>())
              .add(TrailBlock.step(row.getBytes(2)));
        }
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new DamagedTrailException("a note cannot be read", e);
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      if (index != null) {
        index.close();
      }
    } catch (IOException e) {
      LOG.debug("{}", path, e);
    } finally {
      if (opened != null) {
        opened.close();
      }
    }
  }
}
