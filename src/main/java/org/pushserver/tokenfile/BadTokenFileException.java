// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

/** A file cannot be read to its end; the message says what is wrong, and where. */
public final class BadTokenFileException extends Exception {
  private static final long serialVersionUID = 1L;

  BadTokenFileException(String message) {
    super(message);
  }

  BadTokenFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
