// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Makes API keys, and what the server keeps of them. Confined to one thread.
 *
 * <p>A plain SHA-256, without salt and rounds: those protect what people think up and others can
 * guess. A key is 256 random bits, which nobody guesses at any speed; and it is asked for with each
 * push, where a slow hash would cost more than all else.
 */
public final class KeyHash {
  private static final int KEY_BYTES = 32;

  /** So that scanners for leaked secrets, and people, see what it is. */
  private static final String PREFIX = "ps_";

  private final MessageDigest digest;

  public KeyHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A new key: 46 characters that a header and a shell take as they are. */
  public static String newKey() {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** The 32 bytes of a key's hash. */
  public byte[] of(String key) {
    return digest.digest(key.getBytes(StandardCharsets.UTF_8));
  }
}
