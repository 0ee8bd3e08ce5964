// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/** Why a spool cannot be used, or a push not be kept, and what to do, in an operator's words. */
final class SpoolFault {
  private SpoolFault() {}

  static String of(Throwable cause, Path folder) {
    String reason = String.valueOf(cause.getMessage());
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("no space") || lower.contains("quota")) {
      return "the disk of " + folder + " is full; make room";
    }
    if (cause instanceof AccessDeniedException || lower.contains("read-only")) {
      return folder
          + " cannot be written to: it is read-only, or belongs to another user; make it the"
          + " server's own (chown)";
    }
    if (cause instanceof FileSystemException failed && failed.getReason() == null) {
      return folder + " cannot be used (" + failed.getFile() + " has gone); start the server again";
    }
    if (cause instanceof IOException) {
      return "the disk of " + folder + " failed (" + reason + "); look at it";
    }
    return "the spool in " + folder + " failed (" + cause + ")";
  }

  /** Whether the process has no more files, and the disk may be well. */
  static boolean isOfProcess(IOException cause) {
    return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("too many open");
  }

  static String another(Path folder) {
    return "another server has the spool in " + folder + "; each needs a folder of its own";
  }

  static String newer(Path folder) {
    return "the spool in "
        + folder
        + " was written by a newer Pushserver; install that again, let it send what is in there and"
        + " stop it, or move the folder away: then what is in it is not sent";
  }

  static String notOurs(Path folder, int files) {
    return "the file \"format\" in "
        + folder
        + " is damaged or missing: what was kept there cannot be read, and is not sent; "
        + files
        + " files have names with .damaged at their end from now on";
  }

  static String notWritten(Path folder) {
    return "the disk of " + folder + " does not give back what was written; look at it";
  }

  static String undeleted(Path file, Throwable cause) {
    return file
        + " is needed no more, and cannot be deleted ("
        + cause.getMessage()
        + "); until it can, the spool grows";
  }

  static String unopened(Path folder, long seconds) {
    return "the disk of "
        + folder
        + " has not answered for "
        + seconds
        + " s; look at it, or start the server without a spool (spool = no): then what is in it is"
        + " sent when it is back";
  }

  static String stopped(Path folder) {
    return "the spool in " + folder + " has stopped after an error; start the server again";
  }

  static String hangs(Path folder) {
    return "the disk of " + folder + " does not answer";
  }
}
