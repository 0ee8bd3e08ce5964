// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.Locale;
import java.util.Optional;

/**
 * The tokens that one device of Apple's has: one for VoIP pushes, by which an app rings, and one
 * for all others. What they look like each, their push service knows.
 *
 * @param voip null when the device has none
 * @param remote null when the device has none; the same as the other when it is not known which of
 *     the two a lone token is
 */
public record TokenPair(String voip, String remote) {
  private static final String VOIP = "voip";
  private static final String REMOTE = "remote";

  /** What joins two tokens, the first of which is for VoIP; either may be left out. */
  private static final String JOINTS = "-#|";

  public TokenPair {
    if (voip == null && remote == null) {
      throw new IllegalArgumentException("there is no token");
    }
  }

  /**
   * Takes apart what an app registers: {@code VOIP-REMOTE}, with {@code #} or {@code |} in the
   * place of the dash; {@code VOIP:voip&REMOTE:remote} in any order; one of the two alone, as
   * {@code -REMOTE}, {@code REMOTE:remote} or {@code VOIP:voip}; or a lone token that does not say
   * which it is. Takes time in proportion to the text.
   *
   * @param text as the app has registered it
   * @return empty when it is none of these
   */
  public static Optional<TokenPair> parse(String text) {
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (character == ':' || character == '&') {
        return parseMarked(text);
      }
      if (JOINTS.indexOf(character) >= 0) {
        return of(text.substring(0, at), text.substring(at + 1));
      }
    }
    return of(text, text);
  }

  private static Optional<TokenPair> of(String voip, String remote) {
    return voip.isEmpty() && remote.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TokenPair(voip.isEmpty() ? null : voip, remote.isEmpty() ? null : remote));
  }

  private static Optional<TokenPair> parseMarked(String text) {
    int and = text.indexOf('&');
    String first = and < 0 ? text : text.substring(0, and);
    String second = and < 0 ? "" : text.substring(and + 1);
    String voip = marked(first, second, VOIP);
    String remote = marked(first, second, REMOTE);
    // Both are as long as the whole only when nothing of it is left over, and nothing twice.
    int used = length(voip, VOIP) + length(remote, REMOTE) + (and < 0 ? 0 : 1);
    return used == text.length() && used > 0 ? of(voip, remote) : Optional.empty();
  }

  /** The token that is marked so, without the mark; empty when none is. */
  private static String marked(String first, String second, String mark) {
    for (String part : new String[] {first, second}) {
      int colon = part.indexOf(':');
      if (colon > 0 && part.substring(colon + 1).toLowerCase(Locale.ROOT).equals(mark)) {
        return part.substring(0, colon);
      }
    }
    return "";
  }

  private static int length(String token, String mark) {
    return token.isEmpty() ? 0 : token.length() + 1 + mark.length();
  }

  /** {@return whether it is one token that does not say what it is for} */
  public boolean isLone() {
    return voip != null && voip.equals(remote);
  }

  /**
   * The token for a push: for a ring that for VoIP, or else the other; empty when there is none.
   *
   * @param kind what the push asks of the phone
   * @return at most one of the two
   */
  public Optional<String> pick(Kind kind) {
    return Optional.ofNullable(kind == Kind.RING && voip != null ? voip : remote);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    if (isLone()) {
      return voip;
    }
    String first = voip == null ? "" : voip + ":" + VOIP;
    String second = remote == null ? "" : remote + ":" + REMOTE;
    return first.isEmpty() || second.isEmpty() ? first + second : first + "&" + second;
  }
}
