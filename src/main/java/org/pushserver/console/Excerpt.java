// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.Locale;
import org.pushserver.log.Characters;

/**
 * A stranger's text, made fit to be shown: what does not print, or would change the order of what
 * stands around it, is written as the log writes it; what is long is cut. Immutable.
 *
 * @param text what is shown
 * @param whole all of it, up to a limit
 * @param isCut whether there is more than is shown
 */
record Excerpt(String text, String whole, boolean isCut) {
  private static final int SHOWN = 64;

  /** Nobody reads more, and a page must not grow without a bound. */
  private static final int LONGEST = 10_000;

  private static final int JOINER = 0x200D;
  private static final int NON_JOINER = 0x200C;

  /** For a cell of a table. */
  static Excerpt of(String text) {
    return of(text, SHOWN);
  }

  /**
   * Cuts later or sooner.
   *
   * @param limit characters
   */
  static Excerpt of(String text, int limit) {
    String whole = visible(text, LONGEST);
    String cut = visible(text, limit);
    return new Excerpt(cut, whole, cut.length() < whole.length());
  }

  /** For where there is room for all of it. */
  static String line(String text) {
    return visible(text, LONGEST);
  }

  private static String visible(String text, int limit) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), limit) + 8);
    int at = 0;
    for (int count = 0; at < text.length(); count++) {
      if (count == limit) {
        return shown.append('…').toString();
      }
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      append(c, shown);
    }
    return shown.toString();
  }

  /** Letters of some scripts need joiners. */
  private static void append(int c, StringBuilder shown) {
    if (Characters.isPrintable(c) || c == JOINER || c == NON_JOINER) {
      shown.appendCodePoint(c);
    } else if (c == '\n') {
      shown.append("\\n");
    } else if (c == '\r') {
      shown.append("\\r");
    } else if (c == '\t') {
      shown.append("\\t");
    } else {
      shown.append(String.format(Locale.ROOT, "\\u%04x", c));
    }
  }
}
