// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;

/**
 * The syntax of device tokens. A token ends up in the path of a request or in a JSON body; what
 * cannot be one is refused before it gets there. Messages name the place that is wrong and never
 * repeat the token.
 */
final class DeviceTokens {
  private DeviceTokens() {}

  /**
   * Checks a token, and picks one where an iOS app registered two, as {@code VOIP-ALERT}: the first
   * makes the phone ring, the second is for everything else.
   *
   * @param platform canonical
   * @param token not empty
   * @return the token to send to
   * @throws RequestRefused when no device of this platform can have it
   */
  static String pick(String platform, String token, Kind kind) {
    if (!platform.equals(AppKey.APPLE)) {
      requirePrintable(token);
      return token;
    }
    int dash = token.indexOf('-');
    if (dash < 0) {
      requireHex(token, 0, token.length());
      return token;
    }
    requireHex(token, 0, dash);
    requireHex(token, dash + 1, token.length());
    return kind == Kind.RING ? token.substring(0, dash) : token.substring(dash + 1);
  }

  private static void requireHex(String token, int start, int end) {
    if (start == end) {
      throw wrong("hex digits on both sides of its dash", start);
    }
    for (int at = start; at < end; at++) {
      if (Character.digit(token.charAt(at), 16) < 0 || token.charAt(at) > 'f') {
        throw wrong("hex digits, or two runs of them joined by one dash", at);
      }
    }
  }

  private static void requirePrintable(String token) {
    for (int at = 0; at < token.length(); at++) {
      if (token.charAt(at) <= ' ' || token.charAt(at) > '~') {
        throw wrong("printable ASCII without spaces", at);
      }
    }
  }

  private static RequestRefused wrong(String allowed, int at) {
    return RequestRefused.badRequest(
        "Field 'token' must be " + allowed + "; wrong at character " + (at + 1));
  }
}
