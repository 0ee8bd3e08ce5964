// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Set;

/** What the holder of an API key may do with the applications that it opens. */
public enum Right {
  /** Send pushes, and read what concerns them. */
  PUSH,
  /** Search the trail over HTTP. */
  SEARCH,
  /** Say that a phone woke up. */
  ACKS,
  /** Log in to the console, and search. */
  CONSOLE;

  /** Those of a key that names none. */
  public static final Set<Right> DEFAULT = Set.of(PUSH);

  /** As the file of keys spells it. */
  public String word() {
    return KeyNames.lower(name());
  }

  /**
   * The one with this word.
   *
   * @return null when there is none
   */
  public static Right of(String word) {
    for (Right right : values()) {
      if (right.word().equals(word)) {
        return right;
      }
    }
    return null;
  }
}
