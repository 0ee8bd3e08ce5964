// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Why something failed, in the words of an operator who does not know Java. Any thread. */
public final class Reason {
  /** The class of its cause, with which the message of many an exception begins. */
  private static final Pattern CLASS =
      Pattern.compile("^(?:(?:[a-z][a-z0-9_]*\\.){2,}[A-Z][\\w$]*(?:: |$))+");

  /** The class of a deeper cause, which TLS quotes in the middle of a message. */
  private static final Pattern QUOTED =
      Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.)+[A-Z][\\w$]*(?:Exception|Error)(?:: |\\b)");

  /** Of causes, more than anybody nests. */
  private static final int DEEPEST = 10;

  private Reason() {}

  /**
   * One line without class names; never empty.
   *
   * @param failure what was thrown
   * @return words to be put into a sentence or behind a colon
   */
  public static String of(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      String words = words(cause);
      if (!words.isEmpty()) {
        return words;
      }
      cause = cause.getCause();
    }
    return "an unexpected error" + place(failure);
  }

  /**
   * Why a file could not be read: a sentence to be put after its name and a colon.
   *
   * @param cause what reading it failed with
   * @return without the name of the file
   */
  public static String unread(IOException cause) {
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

  private static String words(Throwable cause) {
    if (cause instanceof FileSystemException file) {
      return file.getFile() + ": " + reason(file);
    } else if (cause instanceof ClosedChannelException) {
      return "the connection was closed";
    } else if (cause instanceof LinkageError && cause.getMessage() != null) {
      // The author of a plugin has to know which class.
      return "a class cannot be used: " + cause.getMessage();
    } else if (isMistake(cause)) {
      return "a programming error" + place(cause);
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    String bare = CLASS.matcher(message).replaceFirst("");
    String words = QUOTED.matcher(bare).replaceAll("").strip();
    return words.isEmpty() && cause instanceof TimeoutException ? "it took too long" : words;
  }

  private static String reason(FileSystemException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    } else if (cause instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    return cause.getReason() == null ? "it cannot be read or written" : cause.getReason();
  }

  /** Those have messages for programmers. */
  private static boolean isMistake(Throwable cause) {
    return isFoundByJava(cause)
        || cause instanceof ClassCastException
        || cause instanceof IndexOutOfBoundsException
        || cause instanceof ArithmeticException
        || cause instanceof StackOverflowError;
  }

  /** Not one that somebody threw on purpose, with words of his own. */
  private static boolean isFoundByJava(Throwable cause) {
    return cause instanceof NullPointerException
        && (cause.getMessage() == null || cause.getMessage().startsWith("Cannot "));
  }

  /** Where, for the author of a plugin. */
  private static String place(Throwable cause) {
    for (StackTraceElement call : cause.getStackTrace()) {
      if (!call.getClassName().startsWith("java.") && call.getFileName() != null) {
        return " at " + call.getFileName() + ":" + call.getLineNumber();
      }
    }
    return "";
  }
}
