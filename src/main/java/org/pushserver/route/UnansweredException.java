// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

/**
 * The request was sent and no answer came: the peer may have processed it or not. Sending again can
 * make a phone ring twice.
 */
final class UnansweredException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what happened, in an operator's words
   * @param cause null when there is none
   */
  UnansweredException(String message, Throwable cause) {
    // Without a stack trace: under load this is a value, and where it was made says nothing.
    super(message, cause, false, false);
  }
}
