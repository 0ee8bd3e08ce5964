// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

/** What a file of the trail holds is not what was written. */
final class DamagedTrailException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, in an operator's words
   */
  DamagedTrailException(String message) {
    super(message);
  }

  DamagedTrailException(String message, Throwable cause) {
    super(message, cause);
  }
}
