// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sqlite;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What kind of thing went wrong with a file of SQLite. */
public enum SqliteFault {
  /** The file is not what it was, or not SQLite's. */
  DAMAGE,
  /** Somebody else has it at the moment. */
  BUSY,
  /** There is no room for more. */
  FULL,
  /** It cannot be opened, or not be written to. */
  NO_ACCESS,
  /** The disk did not do what it should. */
  DISK,
  /** SQLite itself could not be loaded. */
  NOT_LOADED,
  /** Anything else. */
  OTHER;

  /** The kind of a failure of SQLite, or of {@link NativeCode#load}. */
  public static SqliteFault of(SQLException cause) {
    if (!(cause instanceof SQLiteException failed)) {
      return cause instanceof SQLNonTransientConnectionException ? NOT_LOADED : OTHER;
    }
    // The lowest byte is the code, what is above it the kind of that.
    return switch (SQLiteErrorCode.getErrorCode(failed.getResultCode().code & 0xFF)) {
      case SQLITE_CORRUPT, SQLITE_NOTADB -> DAMAGE;
      case SQLITE_BUSY, SQLITE_LOCKED -> BUSY;
      case SQLITE_FULL -> FULL;
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM -> NO_ACCESS;
      case SQLITE_IOERR -> DISK;
      default -> OTHER;
    };
  }
}
