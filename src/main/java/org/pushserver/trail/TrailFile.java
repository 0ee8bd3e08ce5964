// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.push.AppKey;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The file of the trail that is written: blocks of entries, and notes. It has no index, and what
 * was committed is there also after the process was killed. {@link #finish} makes it one that never
 * changes; {@link TrailReader} reads either. Blocks; confined to one thread.
 */
final class TrailFile implements AutoCloseable {
  /** Who called whom is nobody else's business, wherever the folder is. */
  static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

  /** Those that this process writes at the moment. */
  private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Connection file;
  private final PreparedStatement block;
  private final PreparedStatement note;
  private long count;

  private TrailFile(Path path, Connection file) throws SQLException {
    this.path = path;
    this.file = file;
    this.block =
        file.prepareStatement(
            "INSERT INTO block (first_at, last_at, count, keys, data) VALUES (?, ?, ?, ?, ?)");
    this.note =
        file.prepareStatement(
            "INSERT INTO note (push, app_id, platform, call_id, step) VALUES (?, ?, ?, ?, ?)");
    boolean unused = WRITTEN.add(path.toAbsolutePath().normalize());
  }

  /**
   * Whether this process writes a file at the moment. Then nobody in it may open and close that
   * file but SQLite: POSIX takes all locks on a file from a process that closes it, and the next
   * other process that reads it would take away the log of what is not in its place yet.
   */
  static boolean isWritten(Path path) {
    return WRITTEN.contains(path.toAbsolutePath().normalize());
  }

  /**
   * Makes a new one.
   *
   * @param path where there is none yet
   */
  static TrailFile create(Path path) throws SQLException {
    boolean made = false;
    try {
      // What SQLite puts beside it gets the same rights.
      Path unused = Files.createFile(path, OURS);
      TrailFile file = open(path);
      made = true;
      return file;
    } catch (IOException e) {
      throw new SQLiteException(e.toString(), SQLiteErrorCode.SQLITE_CANTOPEN);
    } finally {
      if (!made) {
        discard(path);
      }
    }
  }

  private static TrailFile open(Path path) throws SQLException {
    Connection file = TrailSchema.write(path);
    try {
      TrailSchema.make(file);
      file.setAutoCommit(false);
      return new TrailFile(path, file);
    } catch (SQLException e) {
      file.close();
      throw e;
    }
  }

  /** It is tried again under another name: this one would stay for ever, with nothing in it. */
  private static void discard(Path path) {
    try {
      boolean unused = Files.deleteIfExists(path);
    } catch (IOException e) {
      // Upkeep deletes it, when it can.
      return;
    }
  }

  Path path() {
    return path;
  }

  /** How many entries were added. */
  long entries() {
    return count;
  }

  /** How long it is, with what is not in its place yet, in bytes. */
  long bytes() throws IOException {
    Path log = path.resolveSibling(path.getFileName() + "-wal");
    return Files.size(path) + (Files.exists(log) ? Files.size(log) : 0);
  }

  /** Adds entries that have ended; they are there for good after {@link #commit}. */
  void add(TrailBlock.Bytes entries) throws SQLException {
    block.setLong(1, entries.firstAt());
    block.setLong(2, entries.lastAt());
    block.setInt(3, entries.count());
    block.setBytes(4, entries.keys());
    block.setBytes(5, entries.data());
    int unused = block.executeUpdate();
    count += entries.count();
  }

  /** The same with what became known later. */
  void add(TrailNote later) throws SQLException {
    AppKey app = later.app();
    BlockOutput id = new BlockOutput();
    id.uuid(later.push());
    note.setBytes(1, id.toBytes());
    note.setString(2, app.appId());
    note.setString(3, app.platform());
    note.setString(4, later.callId());
    note.setBytes(5, TrailBlock.step(later.step()));
    int unused = note.executeUpdate();
  }

  /** Makes sure of what was added. */
  void commit() throws SQLException {
    file.commit();
  }

  /** Gives up what was added since the last {@link #commit}. */
  void rollback() throws SQLException {
    file.rollback();
  }

  /** Lets go of it, without what was not committed. It is still to be finished. */
  @Override
  public void close() throws SQLException {
    try {
      block.close();
      note.close();
    } finally {
      file.close();
      boolean unused = WRITTEN.remove(path.toAbsolutePath().normalize());
    }
  }

  /**
   * Makes a file that nobody writes to any more one that never changes: with its {@link KeyIndex}
   * beside it, and nothing else. To be called again when it has failed, also after the process was
   * killed in the middle of it.
   *
   * <p>One without anything in it is deleted.
   *
   * @throws IOException when the disk is full, or fails
   * @throws SQLException likewise, or when somebody reads it at the moment, or it is damaged
   */
  static void finish(Path path) throws IOException, SQLException {
    try (Connection file = TrailSchema.write(path)) {
      if (!TrailSchema.text(file, "PRAGMA journal_mode = DELETE").equals("delete")) {
        throw new SQLiteException("it is being read", SQLiteErrorCode.SQLITE_BUSY);
      }
      if (isEmpty(file)) {
        boolean unused = Files.deleteIfExists(path);
        return;
      }
      file.setAutoCommit(false);
      KeyIndex.make(path, file);
      TrailSchema.execute(file, "CREATE INDEX IF NOT EXISTS note_push ON note (push)");
      TrailSchema.execute(file, "PRAGMA user_version = " + TrailSchema.CLOSED);
      file.commit();
    }
  }

  /**
   * Makes sure that a closed file has its index; it may be lost, or the file older than that there
   * are any.
   */
  static void index(Path path) throws IOException, SQLException {
    KeyIndex index = KeyIndex.open(path);
    if (index != null) {
      index.close();
      return;
    }
    try (Connection file = TrailSchema.read(path, true)) {
      KeyIndex.make(path, file);
    }
  }

  /** Also when the process was killed before it had any table. */
  private static boolean isEmpty(Connection file) throws SQLException {
    return TrailSchema.number(file, "SELECT count(*) FROM sqlite_schema WHERE name = 'note'") == 0
        || TrailSchema.number(file, "SELECT EXISTS (SELECT 1 FROM block)")
                + TrailSchema.number(file, "SELECT EXISTS (SELECT 1 FROM note)")
            == 0;
  }
}
