// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

/** Why something cannot be kept, or a spool cannot be used: in an operator's words. */
public final class SpoolException extends Exception {
  private static final long serialVersionUID = 1;

  SpoolException(String message) {
    this(message, null);
  }

  /** Without a stack trace: on a full disk there may be thousands in a second, and all alike. */
  SpoolException(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
