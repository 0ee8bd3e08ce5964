// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.util.HexFormat;

/** What of a stranger's text may stand in a log or message as it is. */
public final class Characters {
  private static final HexFormat HEX = HexFormat.of();

  private Characters() {}

  /** Whether a code point prints by itself, and changes nothing around it. */
  public static boolean isPrintable(int character) {
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

  /**
   * Appends a text so that it stays within one line and shows what is in it: what does not print is
   * written as JSON would.
   *
   * @param quoted whether it stands in quotes: then quotes and backslashes are escaped too, and the
   *     text is the inside of a JSON string
   */
  static void escape(String value, boolean quoted, StringBuilder text) {
    int at = 0;
    while (at < value.length()) {
      int c = value.codePointAt(at);
      at += Character.charCount(c);
      if (quoted && (c == '"' || c == '\\')) {
        text.append('\\');
      }
      if ((c >= ' ' && c <= '~') || isPrintable(c)) {
        text.appendCodePoint(c);
      } else {
        escape(c, text);
      }
    }
  }

  private static void escape(int character, StringBuilder text) {
    switch (character) {
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        for (char unit : Character.toChars(character)) {
          text.append("\\u").append(HEX.toHexDigits(unit));
        }
      }
    }
  }
}
