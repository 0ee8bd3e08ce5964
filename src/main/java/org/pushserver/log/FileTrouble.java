// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file, pipe or socket could not be written, in an operator's words. */
final class FileTrouble {
  private FileTrouble() {}

  /** Of the exceptions of files, some have but the file as their message. */
  static String words(IOException cause) {
    if (cause instanceof FileSystemException file) {
      return file.getFile() + ": " + reason(file);
    }
    return cause.getMessage() == null ? "writing failed" : cause.getMessage();
  }

  private static String reason(FileSystemException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    } else if (cause instanceof NoSuchFileException) {
      return "no such file or directory";
    } else if (cause instanceof FileAlreadyExistsException) {
      return "something else is there";
    } else if (cause instanceof DirectoryNotEmptyException) {
      return "a folder is there";
    }
    return cause.getReason() == null ? "it failed" : cause.getReason();
  }
}
