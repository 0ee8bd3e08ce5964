// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.nio.file.Path;

/** Why something cannot be kept, or a spool cannot be used: in an operator's words. */
public final class SpoolException extends Exception {
  private static final long serialVersionUID = 1;

  SpoolException(String message) {
    this(message, null);
  }

  private final boolean isHeld;

  /** Without a stack trace: on a full disk there may be thousands in a second, and all alike. */
  SpoolException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private SpoolException(String message, Throwable cause, boolean isHeld) {
    super(message, cause, false, false);
    this.isHeld = isHeld;
  }

  /** Another server has it. */
  static SpoolException held(Path folder) {
    return new SpoolException(SpoolFault.another(folder), null, true);
  }

  /** Whether another server has it, which may give it up. */
  public boolean isHeld() {
    return isHeld;
  }
}
