// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

/** A page that says one thing. */
record Message(String heading, String text) {
  /**
   * Says it.
   *
   * @param status of the answer
   */
  static ConsolePage.View of(int status, String heading, String text) {
    return new ConsolePage.View(status, "message", heading, () -> new Message(heading, text));
  }
}
