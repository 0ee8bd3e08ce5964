// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import java.util.regex.Pattern;

/**
 * What the other end says in words of its own, made fit for a log, an answer and health: one line,
 * not too long, and without anything that may be a credential or a device token. Any thread.
 */
public final class PeerWords {
  /** Google's longest explanations have some 300. */
  static final int MOST_CHARS = 500;

  private static final String HIDDEN = "(hidden)";

  /** Of a longer text no more is looked at. */
  private static final int MOST_READ = 8 * MOST_CHARS;

  /**
   * Nobody else writes a word so long with a digit in it. Each part of a provider token is one;
   * names of reasons and ids of projects are shorter.
   */
  private static final Pattern OPAQUE =
      Pattern.compile("(?<![\\w+=~-])(?=[A-Za-z_+=~-]*+[0-9])[\\w+=~-]{32,}+");

  /** Line ends, and what changes how the rest of a line looks. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]+");

  private PeerWords() {}

  /** The words; empty when there are none. */
  public static String of(String said) {
    if (said.isEmpty()) {
      return said;
    }
    String read = said.length() > MOST_READ ? said.substring(0, MOST_READ) : said;
    String open = OPAQUE.matcher(read).replaceAll(HIDDEN);
    String line = UNPRINTABLE.matcher(open).replaceAll(" ").strip();
    return line.length() > MOST_CHARS ? line.substring(0, MOST_CHARS) + '…' : line;
  }
}
