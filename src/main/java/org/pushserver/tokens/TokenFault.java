// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.pushserver.sqlite.NativeCode;
import org.pushserver.sqlite.SqliteFault;

/** Why the file of stored tokens cannot be used and what to do, in an operator's words. */
final class TokenFault {
  private TokenFault() {}

  static String of(SQLException cause, Path file) {
    return switch (SqliteFault.of(cause)) {
      case DAMAGE ->
          file
              + " is damaged; stop the server and look at the disk, then save what can be saved"
              + " (sqlite3 FILE .recover), take a backup, or move the file away: then each app"
              + " registers again";
      case BUSY ->
          "another program writes to " + file + " for too long; it goes on when that has ended";
      case FULL -> "the disk of " + file.toAbsolutePath().getParent() + " is full; make room";
      case NO_ACCESS -> noAccess(file);
      case DISK -> "the disk of " + file + " failed (" + cause.getMessage() + "); look at it";
      case NOT_LOADED -> NativeCode.problem(cause);
      case OTHER -> file + ": " + cause.getMessage();
    };
  }

  static String of(IOException cause, Path file) {
    String reason =
        cause instanceof FileSystemException failed && failed.getReason() != null
            ? failed.getReason()
            : "";
    if (reason.toLowerCase(Locale.ROOT).contains("no space")) {
      return "the disk of " + file.toAbsolutePath().getParent() + " is full; make room";
    }
    if (cause instanceof AccessDeniedException || reason.contains("Read-only")) {
      return noAccess(file);
    }
    return file + " cannot be made (" + cause + "); make its folder, or name another file";
  }

  static String noAccess(Path file) {
    return file
        + " cannot be written to: it or its folder is read-only, or belongs to another user; make it"
        + " the server's own (chown), or name another file in [tokens]";
  }

  static String notOurs(Path file) {
    return file + " is not a file of Pushserver's; name another file in [tokens]";
  }

  static String newer(Path file) {
    return file
        + " was written by a newer Pushserver; install that again, or name another file in [tokens]";
  }

  static String another(Path file) {
    return "another server has " + file + "; each needs a file of its own";
  }
}
