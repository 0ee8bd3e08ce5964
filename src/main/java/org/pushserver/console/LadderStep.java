// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

/**
 * One line of a ladder. Immutable.
 *
 * @param at when
 * @param after how long after the first line, such as {@code +43 ms}
 * @param device the number of the push, where there are several; empty otherwise
 * @param way who to whom, such as {@code PBX → Pushserver}, for who cannot see where it stands
 * @param style of the line: which lanes it spans, which way, whether all is well
 * @param text what happened
 * @param detail more of it, in a stranger's words
 */
record LadderStep(
    Moment at, String after, String device, String way, String style, String text, Excerpt detail) {
  /** The columns of a ladder, from left to right. */
  enum Lane {
    PBX(1, "PBX"),
    SERVER(2, "Pushserver"),
    SERVICE(3, "Apple or Google"),
    PHONE(4, "phone");

    private final int place;
    private final String words;

    Lane(int place, String words) {
      this.place = place;
      this.words = words;
    }

    /** Its place, from 1. */
    int place() {
      return place;
    }

    String words() {
      return words;
    }
  }
}
