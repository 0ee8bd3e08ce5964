// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import java.util.Random;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;

/**
 * Any number of devices as a provider has them, the same each time: half of them Apple's with two
 * tokens. Pure.
 */
public final class ManyDevices {
  /** When the first of them registered, milliseconds since the epoch; each other one later. */
  public static final long BORN = 1_790_000_000_000L;

  private static final AppKey[] APPS = {
    new AppKey("com.example.phone", AppKey.APPLE), new AppKey("com.example.phone", AppKey.FIREBASE)
  };
  private static final String HEX = "0123456789abcdef";
  private static final String LETTERS = "abcdefghijkLMNOPQRSTuvwxyz0123456789-_";

  private ManyDevices() {}

  /** Whose a device is: of each ten accounts eight have one, and one has two. */
  public static String account(long number) {
    long user = number % 10 == 9 ? number - 1 : number;
    return "+49" + (3_000_000_000L + user * 7_919 % 1_000_000_007L) + "@sip.example.com";
  }

  /** A device. */
  public static StoredToken device(long number) {
    Random own = new Random(number * 0x9E3779B97F4A7C15L);
    boolean apple = own.nextInt(2) == 0;
    return new StoredToken(
        account(number),
        APPS[apple ? 0 : 1],
        new UUID(own.nextLong(), own.nextLong()).toString(),
        text(own, apple ? HEX : LETTERS, apple ? 64 : 152),
        apple ? text(own, HEX, 64) : null,
        true,
        "Example Phone/3.2." + own.nextInt(10) + (apple ? " (iOS 19.1)" : " (Android 16)"),
        BORN + number,
        BORN + number);
  }

  private static String text(Random own, String letters, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(letters.charAt(own.nextInt(letters.length())));
    }
    return text.toString();
  }
}
