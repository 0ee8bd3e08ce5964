// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.Locale;

/** How an account is spelt in the trail, whichever way a request or a reader spells it. */
public final class Accounts {
  private Accounts() {}

  /**
   * The account of a SIP address: without display name, brackets, scheme, parameters and port, in
   * lower case.
   *
   * @param address as received; null for none
   * @return empty for none
   */
  public static String of(String address) {
    if (address == null) {
      return "";
    }
    String text = address;
    int open = text.indexOf('<');
    int close = text.indexOf('>', open + 1);
    if (open >= 0 && close > open) {
      text = text.substring(open + 1, close);
    }
    text = text.strip();
    int colon = text.indexOf(':');
    if (colon > 0 && isScheme(text, colon)) {
      text = text.substring(colon + 1);
    }
    text = before(before(text, ';'), '?');
    int at = text.indexOf('@');
    int port = text.indexOf(':', Math.max(0, at));
    if (at >= 0 && port > 0 && text.indexOf(']') < 0) {
      text = text.substring(0, port);
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static boolean isScheme(String text, int length) {
    return is("sip", text, length) || is("sips", text, length) || is("tel", text, length);
  }

  private static boolean is(String scheme, String text, int length) {
    return scheme.length() == length && text.regionMatches(true, 0, scheme, 0, length);
  }

  private static String before(String text, char end) {
    int at = text.indexOf(end);
    return at < 0 ? text : text.substring(0, at);
  }
}
