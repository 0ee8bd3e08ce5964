// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.util.Locale;
import java.util.Optional;
import org.pushserver.push.Kind;
import org.pushserver.spi.TokenForm;

/**
 * The tokens of Apple's devices: hex digits, in which case means nothing. An app may register two
 * as one, {@code VOIP-ALERT}: the first makes the phone ring, the second is for everything else.
 */
final class AppleTokens implements TokenForm {
  @Override
  public Optional<String> problem(String token) {
    int dash = token.indexOf('-');
    if (dash < 0) {
      return notHex(token, 0, token.length());
    }
    Optional<String> first = notHex(token, 0, dash);
    return first.isPresent() ? first : notHex(token, dash + 1, token.length());
  }

  private static Optional<String> notHex(String token, int start, int end) {
    if (start == end) {
      return TokenForm.wrong("hex digits on both sides of its dash", start);
    }
    for (int at = start; at < end; at++) {
      if (Character.digit(token.charAt(at), 16) < 0 || token.charAt(at) > 'f') {
        return TokenForm.wrong("hex digits, or two runs of them joined by one dash", at);
      }
    }
    return Optional.empty();
  }

  @Override
  public String pick(String token, Kind kind) {
    int dash = token.indexOf('-');
    if (dash < 0) {
      return token;
    }
    return kind == Kind.RING ? token.substring(0, dash) : token.substring(dash + 1);
  }

  @Override
  public String compared(String token) {
    return token.toLowerCase(Locale.ROOT);
  }
}
