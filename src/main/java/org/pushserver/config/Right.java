// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the holder of an API key may do with the applications that it opens. */
public enum Right {
  /** Send pushes, and read what concerns them. */
  PUSH,
  /** Store and remove the devices of an account, and list them. */
  TOKENS,
  /** Search the trail over HTTP. */
  SEARCH,
  /** Say that a phone woke up. */
  ACKS,
  /** Log in to the console, and search. */
  CONSOLE;

  /** Those of a key that names none. */
  public static final Set<Right> DEFAULT = Set.of(PUSH);

  /**
   * Whether nobody has it where there are no keys: what is seen with it is of all applications, and
   * of everybody who is called.
   */
  public boolean needsKeys() {
    return this == SEARCH || this == CONSOLE;
  }

  /**
   * Whether it can be had for the accounts of some domains alone: what is done with it names an
   * account.
   */
  public boolean isOfAccounts() {
    return this == PUSH || this == TOKENS;
  }

  /** As the file of keys spells it. */
  public String word() {
    return KeyNames.lower(name());
  }

  /** All of them, as a sentence has it. */
  public static String words() {
    return Stream.of(values()).map(Right::word).collect(Collectors.joining(", "));
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
