// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.regex.Pattern;
import org.pushserver.log.Characters;

/** What callers sent, made fit for messages and logs. */
public final class Printable {
  private static final int SHOWN = 40;
  private static final int LONGEST = 255;
  private static final int LONGEST_WORD = 64;
  private static final Pattern LONG_SEGMENT = Pattern.compile("([^/]{8})[^/]{24,}");

  private Printable() {}

  /** The text in quotes, cut to 40 characters, with a ? for whatever would not print. */
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder(SHOWN + 3).append('\'');
    text.codePoints()
        .limit(SHOWN)
        .map(character -> Characters.isPrintable(character) ? character : '?')
        .forEach(quoted::appendCodePoint);
    if (text.codePointCount(0, text.length()) > SHOWN) {
      quoted.append('…');
    }
    return quoted.append('\'').toString();
  }

  /**
   * The text as one word of at most 64 characters, with a ? for spaces and what would not print.
   */
  public static String word(String text) {
    StringBuilder word = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_WORD)
        .map(
            character ->
                Characters.isPrintable(character) && !Character.isSpaceChar(character)
                    ? character
                    : '?')
        .forEach(word::appendCodePoint);
    return word.toString();
  }

  /** A path, cut in the same way, and each long segment of it: a device's token may stand there. */
  public static String path(String path) {
    return cut(LONG_SEGMENT.matcher(path).replaceAll("$1…"));
  }

  /** The text's beginning: enough of a call-id to find it by. */
  public static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + '…';
  }
}
