// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

/**
 * The push service did not see the push: there was no connection, or the peer said that it did not
 * process the request. Sending again cannot make a phone ring twice.
 */
public final class NotSentException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what happened, in an operator's words
   * @param cause what it was told by; null when nothing did
   */
  public NotSentException(String message, Throwable cause) {
    // Without a stack trace: under load this is a value, and where it was made says nothing.
    super(message, cause, false, false);
  }

  /**
   * @param message what happened, in an operator's words
   */
  public NotSentException(String message) {
    this(message, null);
  }
}
