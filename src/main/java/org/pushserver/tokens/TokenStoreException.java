// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

/** The store cannot be used; the message says why and what to do, in an operator's words. */
public final class TokenStoreException extends Exception {
  private static final long serialVersionUID = 1L;

  public TokenStoreException(String message) {
    super(message);
  }

  public TokenStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
