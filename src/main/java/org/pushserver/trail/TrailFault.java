// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.pushserver.sqlite.NativeCode;
import org.pushserver.sqlite.SqliteFault;
import org.sqlite.SQLiteException;

/** What SQLite and the file system say, in an operator's words. */
final class TrailFault {
  private TrailFault() {}

  static String of(SQLException cause, Path folder) {
    return switch (SqliteFault.of(cause)) {
      case FULL -> "the disk of " + folder + " is full";
      case NO_ACCESS ->
          folder + " cannot be written to: it has gone, is read-only, or belongs to another user";
      case DISK -> "the disk of " + folder + " failed (" + of(cause) + ")";
      case NOT_LOADED -> NativeCode.problem(cause);
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
}
