// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * What stands for a device's token where the token itself must not be: the first 64 bits of its
 * SHA-256. Of 30 million tokens two have the same with a chance of one in 40 000. Any thread.
 */
public final class TokenHash {
  /** To find the algorithm takes as long as to use it. */
  private static final ThreadLocal<MessageDigest> DIGEST =
      ThreadLocal.withInitial(TokenHash::digest);

  private TokenHash() {}

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The hash of a token; 0 for none. Hex digits count in any case, as Apple has it.
   *
   * @param token as received
   */
  public static long of(String token) {
    if (token.isEmpty()) {
      return 0;
    }
    byte[] text = canonical(token).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(DIGEST.get().digest(text)).getLong();
  }

  private static String canonical(String token) {
    boolean isLower = true;
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (Character.digit(c, 16) < 0) {
        return token;
      }
      isLower &= c < 'A' || c > 'Z';
    }
    return isLower ? token : token.toLowerCase(Locale.ROOT);
  }
}
