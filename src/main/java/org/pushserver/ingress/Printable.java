// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

/** What callers sent, made fit for messages and logs. */
final class Printable {
  private static final int SHOWN = 40;
  private static final int LONGEST = 255;

  private Printable() {}

  /** The text in quotes, cut to 40 characters, with a ? for whatever would not print. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder(SHOWN + 3).append('\'');
    text.codePoints()
        .limit(SHOWN)
        .map(character -> isPrintable(character) ? character : '?')
        .forEach(quoted::appendCodePoint);
    if (text.codePointCount(0, text.length()) > SHOWN) {
      quoted.append('…');
    }
    return quoted.append('\'').toString();
  }

  /** The text's beginning: enough of a call-id to find it by. */
  static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + '…';
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
