// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

/** What of a stranger's text may stand in a log or message as it is. */
public final class Characters {
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
}
