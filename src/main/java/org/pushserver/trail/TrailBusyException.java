// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

/** So many search already that one more would have to wait for long. */
public final class TrailBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a stack trace: it is an answer. */
  public TrailBusyException() {
    super("Too many searches at once; ask again in a second", null, false, false);
  }
}
