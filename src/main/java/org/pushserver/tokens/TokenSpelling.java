// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.pushserver.push.AppKey;

/**
 * When two tokens are one: Apple's are numbers, whose digits an app may write in either case. What
 * is kept and sent stays as it came. Pure.
 */
public final class TokenSpelling {
  private TokenSpelling() {}

  /** Whether both are the same token of an application. */
  public static boolean isSame(AppKey app, String one, String other) {
    return one.equals(other)
        || (other != null && isNumber(app, one) && one.equalsIgnoreCase(other));
  }

  private static boolean isNumber(AppKey app, String token) {
    return app.platform().equals(AppKey.APPLE) && token.chars().allMatch(HexFormat::isHexDigit);
  }

  /** As what it may be kept: itself, and all in small or in large letters. */
  static Set<String> all(AppKey app, String token) {
    if (!isNumber(app, token)) {
      return Set.of(token);
    }
    Set<String> all = new LinkedHashSet<>();
    boolean unused = all.add(token);
    unused = all.add(token.toLowerCase(Locale.ROOT));
    unused = all.add(token.toUpperCase(Locale.ROOT));
    return all;
  }
}
