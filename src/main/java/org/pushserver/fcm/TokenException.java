// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

/** No OAuth token could be had. */
final class TokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean refusal;

  /**
   * @param refusal true when the token server will not give one to this account as it is configured
   * @param message why, in an operator's words; no part of a token or key
   */
  TokenException(boolean refusal, String message) {
    // Without a stack trace: under load this is a value, and where it was made says nothing.
    super(message, null, false, false);
    this.refusal = refusal;
  }

  /** Whether asking again in the same way is pointless. */
  boolean isRefusal() {
    return refusal;
  }
}
