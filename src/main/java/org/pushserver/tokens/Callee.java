// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Locale;

/** Whose device it probably is that a push goes to. Pure. */
public final class Callee {
  private Callee() {}

  /**
   * The account of a SIP address: without display name, brackets, scheme, parameters and port; the
   * letters as they are.
   *
   * @param address as it was received; null for none
   * @return null for none
   */
  public static String account(String address) {
    if (address == null) {
      return null;
    }
    int open = address.indexOf('<');
    int close = address.indexOf('>', open + 1);
    String uri = open >= 0 && close > open ? address.substring(open + 1, close) : address;
    String text = before(before(withoutScheme(uri.strip()), ';'), '?');
    int port = text.indexOf(':', Math.max(0, text.indexOf('@')));
    String account = port > 0 && text.indexOf(']') < 0 ? text.substring(0, port) : text;
    return account.isEmpty() ? null : account;
  }

  private static String withoutScheme(String uri) {
    String lower = uri.toLowerCase(Locale.ROOT);
    return lower.startsWith("sip:") || lower.startsWith("sips:")
        ? uri.substring(uri.indexOf(':') + 1)
        : uri;
  }

  private static String before(String text, char end) {
    int at = text.indexOf(end);
    return at < 0 ? text : text.substring(0, at);
  }
}
