// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.pushserver.sqlite.NativeCode;
import org.pushserver.sqlite.SqliteFault;
import org.sqlite.SQLiteConfig;

/** What a file of the trail looks like to SQLite, and how one is opened. */
final class TrailSchema {
  /** In the header of each file: that it is one of ours, in this form. */
  static final int APPLICATION = 0x50535431;

  /** In the header, while it is written. */
  static final int OPEN = 1;

  /** In the header of one that never changes any more. */
  static final int CLOSED = 2;

  private static final int BUSY_MS = 5000;

  private static final String[] TABLES = {
    // Entries that came together; the keys that one of them can be found by.
    "CREATE TABLE block (no INTEGER PRIMARY KEY, first_at INTEGER NOT NULL,"
        + " last_at INTEGER NOT NULL, count INTEGER NOT NULL, keys BLOB NOT NULL,"
        + " data BLOB NOT NULL)",
    "CREATE TABLE note (push BLOB NOT NULL, app_id TEXT NOT NULL, platform TEXT NOT NULL,"
        + " call_id TEXT NOT NULL, step BLOB NOT NULL)"
  };

  private TrailSchema() {}

  /** Opens a file to write to it; there is one when it returns. */
  static Connection write(Path file) throws SQLException {
    NativeCode.load(file.toAbsolutePath().getParent());
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MS);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    return config.createConnection("jdbc:sqlite:" + file.toUri().toString().replace("///", "/"));
  }

  /**
   * Opens a file to read it.
   *
   * @param closed whether it never changes any more
   */
  static Connection read(Path file, boolean closed) throws SQLException {
    NativeCode.load(file.toAbsolutePath().getParent());
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MS);
    config.setReadOnly(closed);
    String uri = "jdbc:sqlite:" + file.toUri().toString().replace("///", "/");
    return config.createConnection(uri + (closed ? "?immutable=1" : "?mode=rw"));
  }

  /** Makes a new file what it is to be while it is written. */
  static void make(Connection file) throws SQLException {
    execute(file, "PRAGMA application_id = " + APPLICATION);
    execute(file, "PRAGMA user_version = " + OPEN);
    for (String table : TABLES) {
      execute(file, table);
    }
    execute(file, "PRAGMA journal_mode = WAL");
  }

  static void execute(Connection file, String sql) throws SQLException {
    try (Statement statement = file.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  /** The first column of the first row as a number. */
  static long number(Connection file, String sql) throws SQLException {
    try (Statement statement = file.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** The same as text. */
  static String text(Connection file, String sql) throws SQLException {
    try (Statement statement = file.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /** Whether what went wrong is that the file is not what it was. */
  static boolean isDamage(SQLException cause) {
    return SqliteFault.of(cause) == SqliteFault.DAMAGE;
  }

  /** Whether somebody else has it at the moment. */
  static boolean isBusy(SQLException cause) {
    return SqliteFault.of(cause) == SqliteFault.BUSY;
  }
}
