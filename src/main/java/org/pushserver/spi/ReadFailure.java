// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read, as an operator wants to know it. */
public final class ReadFailure {
  private ReadFailure() {}

  /** A sentence about the file, to be put after its name and a colon. */
  public static String words(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied; let the user that runs the server read it";
    }
    if (cause instanceof CharacterCodingException) {
      return "it is not text in UTF-8";
    }
    String message = cause.getMessage();
    return "Is a directory".equals(message)
        ? "it is a folder, not a file"
        : "it cannot be read" + (message == null ? "" : " (" + message + ")");
  }
}
