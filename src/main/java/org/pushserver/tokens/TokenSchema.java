// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.pushserver.sqlite.NativeCode;
import org.sqlite.SQLiteConfig;

/** What the file of stored tokens looks like to SQLite, and how it is opened. Blocks. */
final class TokenSchema {
  /** In the header of the file: that it is one of ours. */
  static final int APPLICATION = 0x50535454;

  /** In the header: in which form. A higher one is a newer Pushserver's. */
  static final int VERSION = 1;

  /** Of each connection. */
  private static final int CACHE_KB = 8192;

  /**
   * The same of one that stores many devices in one step: each of them changes three pages that
   * nobody else of them changes, and none is to be written twice. In use only as far as needed.
   */
  private static final int BULK_CACHE_KB = 256 << 10;

  /** So many pages are in the log before they go to the file: that costs two waits for the disk. */
  private static final int BULK_LOG_PAGES = 65_536;

  /** To which the log beside the file shrinks again after a big import. */
  private static final int LOG_BYTES = 64 << 20;

  /** Who has which phone is nobody else's business, wherever the folder is. */
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---"));

  static final String DEVICE_ADDED =
      "CREATE TRIGGER device_added AFTER INSERT ON device BEGIN"
          + " UPDATE app SET devices = devices + 1 WHERE no = new.app;"
          + " UPDATE total SET accounts = accounts + 1 WHERE NOT EXISTS"
          + " (SELECT 1 FROM device WHERE account = new.account AND no <> new.no); END";

  private static final String[] TABLES = {
    "CREATE TABLE app (no INTEGER PRIMARY KEY, app_id TEXT NOT NULL, platform TEXT NOT NULL,"
        + " devices INTEGER NOT NULL DEFAULT 0, UNIQUE (app_id, platform))",
    // Tokens and ids that are hex digits are blobs: that is half of the file.
    "CREATE TABLE device (no INTEGER PRIMARY KEY, account TEXT NOT NULL, app INTEGER NOT NULL,"
        + " device_id NOT NULL, token NOT NULL, background, silent INTEGER NOT NULL,"
        + " user_agent TEXT, stored_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,"
        + " token_hash INTEGER NOT NULL, background_hash INTEGER)",
    "CREATE INDEX device_account ON device (account)",
    "CREATE INDEX device_token ON device (token_hash)",
    "CREATE INDEX device_background ON device (background_hash)"
        + " WHERE background_hash IS NOT NULL",
    // To count ten million takes seconds, and somebody asks each minute.
    "CREATE TABLE total (accounts INTEGER NOT NULL)",
    "INSERT INTO total VALUES (0)",
    DEVICE_ADDED,
    "CREATE TRIGGER device_removed AFTER DELETE ON device BEGIN"
        + " UPDATE app SET devices = devices - 1 WHERE no = old.app;"
        + " UPDATE total SET accounts = accounts - 1 WHERE NOT EXISTS"
        + " (SELECT 1 FROM device WHERE account = old.account); END",
    "CREATE TRIGGER device_moved AFTER UPDATE OF app ON device WHEN old.app <> new.app BEGIN"
        + " UPDATE app SET devices = devices - 1 WHERE no = old.app;"
        + " UPDATE app SET devices = devices + 1 WHERE no = new.app; END"
  };

  private TokenSchema() {}

  /** Makes the folder, and the file with the rights that it is to have, unless they are there. */
  static void make(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      Path unused = Files.createDirectories(folder, FOLDER);
    }
    try {
      // What SQLite puts beside it gets the same rights.
      Path unused = Files.createFile(file, OURS);
    } catch (FileAlreadyExistsException e) {
      // The usual case.
      return;
    }
  }

  /**
   * Opens the file to change it. It must be there.
   *
   * @param busyMs how long a statement waits for somebody else
   * @throws TokenStoreException when it is not ours, or a newer Pushserver's
   */
  static Connection write(Path file, int busyMs) throws SQLException, TokenStoreException {
    Connection opened = connect(file, busyMs, false);
    try {
      prepare(opened, file);
      return opened;
    } catch (SQLException | TokenStoreException e) {
      opened.close();
      throw e;
    }
  }

  /** Opens the file to read it, once it was opened to change it. */
  static Connection read(Path file, int busyMs) throws SQLException {
    return connect(file, busyMs, true);
  }

  private static Connection connect(Path file, int busyMs, boolean reads) throws SQLException {
    NativeCode.load(file.toAbsolutePath().getParent());
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(busyMs);
    // Also a power failure must lose nothing that was answered.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setCacheSize(-CACHE_KB);
    config.setJournalSizeLimit(LOG_BYTES);
    String uri = "jdbc:sqlite:" + file.toUri().toString().replace("///", "/") + "?mode=rw";
    Connection opened = config.createConnection(uri);
    if (reads) {
      try {
        execute(opened, "PRAGMA query_only = on");
      } catch (SQLException e) {
        opened.close();
        throw e;
      }
    }
    return opened;
  }

  private static void prepare(Connection opened, Path file)
      throws SQLException, TokenStoreException {
    if (number(opened, "PRAGMA user_version") == 0) {
      execute(opened, "PRAGMA journal_mode = WAL");
    }
    // Says at once when nothing can be written; and two who make it at a time take turns.
    execute(opened, "BEGIN IMMEDIATE");
    try {
      long version = number(opened, "PRAGMA user_version");
      long application = number(opened, "PRAGMA application_id");
      boolean empty = number(opened, "SELECT count(*) FROM sqlite_schema") == 0;
      if (version == 0 && empty) {
        for (String table : TABLES) {
          execute(opened, table);
        }
        execute(opened, "PRAGMA application_id = " + APPLICATION);
        execute(opened, "PRAGMA user_version = " + VERSION);
      } else if (application != APPLICATION) {
        throw new TokenStoreException(TokenFault.notOurs(file));
      } else if (version > VERSION) {
        throw new TokenStoreException(TokenFault.newer(file));
      }
      execute(opened, "COMMIT");
    } catch (SQLException | TokenStoreException e) {
      try {
        execute(opened, "ROLLBACK");
      } catch (SQLException alreadyOver) {
        e.addSuppressed(alreadyOver);
      }
      throw e;
    }
  }

  /** Lets many devices be stored in one step. */
  static void makeRoom(Connection file) throws SQLException {
    execute(file, "PRAGMA cache_size = -" + BULK_CACHE_KB);
    execute(file, "PRAGMA wal_autocheckpoint = " + BULK_LOG_PAGES);
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
}
