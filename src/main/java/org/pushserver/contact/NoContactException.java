// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

/** A text that is no Contact, or whose push parameters cannot be read. */
final class NoContactException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, for a caller; nothing of the text itself but names of parameters
   */
  NoContactException(String message) {
    // Without a stack trace: a stranger's mistake is a value.
    super(message, null, false, false);
  }
}
