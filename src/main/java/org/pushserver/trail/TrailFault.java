// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite and the file system say, in an operator's words. */
final class TrailFault {
  private TrailFault() {}

  static String of(SQLException cause, Path folder) {
    if (!(cause instanceof SQLiteException failed)) {
      return nativeCode(cause);
    }
    return switch (SQLiteErrorCode.getErrorCode(failed.getResultCode().code & 0xFF)) {
      case SQLITE_FULL -> "the disk of " + folder + " is full";
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
          folder + " cannot be written to: it has gone, is read-only, or belongs to another user";
      case SQLITE_IOERR ->
          "the disk of " + folder + " failed (" + failed.getResultCode().message + ")";
      default -> of(cause);
    };
  }

  static String of(SQLException cause) {
    return cause instanceof SQLiteException failed
        ? failed.getResultCode().message
        : String.valueOf(cause.getMessage());
  }

  static String of(IOException cause, Path folder) {
    if (cause instanceof AccessDeniedException) {
      return folder + " belongs to another user: this server may not write there";
    }
    if (cause instanceof NoSuchFileException) {
      return folder + " has gone";
    }
    if (cause instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getFile() + ": " + failed.getReason();
    }
    return String.valueOf(cause.getMessage());
  }

  /** The native code is unpacked to where it can be loaded from, or not. */
  static String nativeCode(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return "the native code of SQLite cannot be loaded ("
        + root.getMessage()
        + "); it needs a folder where programs may run: let them run in state_dir"
        + " (/var/lib/pushserver; mounted without noexec), or name another folder with"
        + " -Dorg.sqlite.tmpdir=DIR in PUSHSERVER_JAVA_OPTS";
  }
}
