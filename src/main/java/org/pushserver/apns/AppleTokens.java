// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.util.Locale;
import java.util.Optional;
import org.pushserver.push.Kind;
import org.pushserver.push.TokenPair;
import org.pushserver.spi.TokenForm;

/**
 * The tokens of Apple's devices: hex digits, in which case means nothing. An app may register two
 * as one, {@code VOIP-REMOTE} or as {@link TokenPair} reads it: the first makes the phone ring, the
 * second is for everything else.
 */
final class AppleTokens implements TokenForm {
  private static final char JOINT = '-';
  private static final String ALLOWED = "hex digits, or two runs of them joined by one dash";

  @Override
  public Optional<String> problem(String token) {
    int end = endOfHex(token, 0);
    if (end == token.length()) {
      return Optional.empty();
    }
    if (isJoint(token.charAt(end))) {
      return ofJoined(token, end);
    }
    return token.charAt(end) == ':' ? ofMarked(token) : TokenForm.wrong(ALLOWED, end);
  }

  private static boolean isJoint(char character) {
    return character == '-' || character == '#';
  }

  /** The first may be missing: then the phone has only the second. */
  private static Optional<String> ofJoined(String token, int joint) {
    int end = endOfHex(token, joint + 1);
    if (end < token.length()) {
      return TokenForm.wrong(ALLOWED, end);
    }
    return end == joint + 1
        ? TokenForm.wrong("hex digits on both sides of its dash", end)
        : Optional.empty();
  }

  private static Optional<String> ofMarked(String token) {
    Optional<TokenPair> pair = TokenPair.parse(token);
    if (pair.isEmpty()) {
      return TokenForm.wrong("hex digits, or TOKEN:voip&TOKEN:remote", endOfHex(token, 0));
    }
    for (String one : new String[] {pair.get().voip(), pair.get().remote()}) {
      int end = one == null ? 0 : endOfHex(one, 0);
      if (one != null && end < one.length()) {
        return TokenForm.wrong(ALLOWED, token.indexOf(one) + end);
      }
    }
    return Optional.empty();
  }

  private static int endOfHex(String token, int start) {
    int at = start;
    while (at < token.length()
        && Character.digit(token.charAt(at), 16) >= 0
        && token.charAt(at) <= 'f') {
      at++;
    }
    return at;
  }

  private static boolean isLone(String token) {
    return endOfHex(token, 0) == token.length();
  }

  @Override
  public String ofKind(String token, String kind) {
    return isLone(token) ? token + ":" + kind : token;
  }

  @Override
  public String pick(String token, Kind kind) {
    int end = endOfHex(token, 0);
    if (end == token.length()) {
      return token;
    }
    if (isJoint(token.charAt(end))) {
      return kind == Kind.RING && end > 0 ? token.substring(0, end) : token.substring(end + 1);
    }
    return TokenPair.parse(token).flatMap(pair -> pair.pick(kind)).orElse("");
  }

  @Override
  public boolean isWithoutVoip(String token) {
    return !isLone(token) && TokenPair.parse(token).map(pair -> pair.voip() == null).orElse(false);
  }

  /** A single token is the one that rings, and Apple takes nothing else for that. */
  @Override
  public Optional<String> unfit(String token, Kind kind) {
    return kind == Kind.WAKE && isLone(token)
        ? Optional.of(
            "VOIP-REMOTE, -REMOTE or REMOTE:remote for this event: a lone token is taken for one that"
                + " rings")
        : Optional.empty();
  }

  /** Also what is no hex, as long as it stands in a path as it is: Apple says what it is worth. */
  @Override
  public Optional<String> unstorable(String token) {
    Optional<String> problem = problem(token);
    if (problem.isEmpty()) {
      return problem;
    }
    boolean isPlain = token.chars().allMatch(AppleTokens::isPlain);
    return isPlain && TokenPair.parse(token).isPresent() ? Optional.empty() : problem;
  }

  private static boolean isPlain(int character) {
    return character < 0x80
        && (Character.isLetterOrDigit(character) || "-_".indexOf(character) >= 0);
  }

  @Override
  public String main(String registered) {
    TokenPair pair = pair(registered);
    return pair.voip() == null ? pair.remote() : pair.voip();
  }

  @Override
  public String background(String registered) {
    TokenPair pair = pair(registered);
    return pair.isLone() ? null : pair.remote();
  }

  private static TokenPair pair(String registered) {
    return TokenPair.parse(registered)
        .orElseThrow(() -> new IllegalArgumentException("no token of Apple's"));
  }

  /** A device without a token for calls is stored with the other in its place, too. */
  @Override
  public String joined(String main, String background) {
    if (background == null) {
      return main;
    }
    return (main.equals(background) ? "" : main) + JOINT + background;
  }

  @Override
  public String compared(String token) {
    return token.toLowerCase(Locale.ROOT);
  }
}
