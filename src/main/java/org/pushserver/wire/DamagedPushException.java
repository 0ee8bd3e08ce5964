// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.wire;

/** Bytes that are no push, or not as they were written, or of a newer version than this one. */
public final class DamagedPushException extends Exception {
  private static final long serialVersionUID = 1;

  DamagedPushException(String message) {
    super(message);
  }

  DamagedPushException(String message, Throwable cause) {
    super(message, cause);
  }
}
