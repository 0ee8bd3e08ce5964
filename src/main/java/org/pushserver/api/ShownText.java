// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

/**
 * Mends texts that somebody is to read on a phone: a name with half a character in it must not keep
 * the phone from ringing. Pure.
 */
final class ShownText {
  /** What stands for what is no character. */
  static final char REPLACEMENT = '\uFFFD';

  private ShownText() {}

  /**
   * Puts a space for each control character and the replacement character for half a character, and
   * cuts the text at its limit.
   *
   * @param limit UTF-16 units
   * @param layout whether line breaks and tabs may be in it
   * @return the text itself when there is nothing to mend
   */
  static String mend(String text, int limit, boolean layout) {
    int fault = fault(text, layout);
    if (fault == text.length() && text.length() <= limit) {
      return text;
    }
    StringBuilder mended = new StringBuilder(text);
    for (int at = fault; at < mended.length(); at++) {
      char character = mended.charAt(at);
      if (isUnwanted(character, layout)) {
        mended.setCharAt(at, ' ');
      } else if (Character.isSurrogate(character)) {
        if (isPair(mended, at)) {
          at++;
        } else {
          mended.setCharAt(at, REPLACEMENT);
        }
      }
    }
    if (mended.length() > limit) {
      mended.setLength(Character.isHighSurrogate(mended.charAt(limit - 1)) ? limit - 1 : limit);
    }
    return mended.toString();
  }

  /** Where the first character is that cannot stay; the length when all can. */
  private static int fault(String text, boolean layout) {
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (isUnwanted(character, layout)) {
        return at;
      }
      if (Character.isSurrogate(character)) {
        if (!isPair(text, at)) {
          return at;
        }
        at++;
      }
    }
    return text.length();
  }

  private static boolean isPair(CharSequence text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }

  private static boolean isUnwanted(char character, boolean layout) {
    return Character.isISOControl(character)
        && !(layout && (character == '\n' || character == '\r' || character == '\t'));
  }
}
