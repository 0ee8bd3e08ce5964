// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import java.util.EnumSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;
import org.pushserver.push.TokenPair;

/**
 * The header {@code X-MPUSH} of Mizutech's apps: {@code i:com.example.phone:TOKEN} or {@code
 * a:com.example.phone:TOKEN}. Pure.
 */
final class Mizutech {
  private static final Pattern VALUE =
      Pattern.compile("([ai]):([A-Za-z0-9._-]{1,255}):([!-~]{1,4096})", Pattern.CASE_INSENSITIVE);

  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]+");

  private Mizutech() {}

  /** Whether the value of a header is written so, and no Contact. */
  static boolean isOne(String value) {
    return value.length() > 1
        && value.charAt(1) == ':'
        && "ai".indexOf(Character.toLowerCase(value.charAt(0))) >= 0;
  }

  /**
   * Reads one.
   *
   * @throws NoContactException when it is none
   */
  static SipContact read(String value) {
    Matcher matcher = VALUE.matcher(value);
    if (!matcher.matches()) {
      throw new NoContactException("it is not written i:APP:TOKEN or a:APP:TOKEN");
    }
    String letter = matcher.group(1).toLowerCase(Locale.ROOT);
    String token = matcher.group(3);
    // iPhones that are reached by way of Firebase have its tokens, which are not hex.
    boolean apple = letter.equals("i") && HEX.matcher(token).matches();
    String app = matcher.group(2);
    return new SipContact(
        letter,
        apple ? AppKey.APPLE : AppKey.FIREBASE,
        false,
        app,
        AppNames.of(app),
        apple ? new TokenPair(token, null) : new TokenPair(null, token),
        null,
        null,
        null,
        EnumSet.allOf(Kind.class));
  }
}
