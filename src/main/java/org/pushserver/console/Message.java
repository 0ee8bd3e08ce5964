// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.List;

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

  /** The same of what was not found, with what the reader should know of the search. */
  static ConsolePage.View notFound(String heading, String text, List<String> notes) {
    StringBuilder all = new StringBuilder(text);
    notes.forEach(note -> all.append(' ').append(Excerpt.line(note)).append('.'));
    return of(404, heading, all.toString());
  }
}
