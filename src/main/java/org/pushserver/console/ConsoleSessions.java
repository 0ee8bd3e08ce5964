// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Right;
import org.pushserver.spi.Time;

/**
 * Who has logged in. Nothing is kept: the browser holds a signed note of whose key it was and until
 * when that counts. The note counts only as long as that very key is in the file, with the right to
 * the console. It is signed with a secret that ends with this server. Any thread.
 */
final class ConsoleSessions {
  /** How long a note counts. */
  static final Duration LONGEST = Duration.ofHours(12);

  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;

  /** Its own are shorter: the longest name, a number and a signature. */
  private static final int LONGEST_NOTE = 256;

  private final Time time;
  private final SecretKeySpec secret;

  ConsoleSessions(Time time) {
    this.time = time;
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    secret = new SecretKeySpec(random, ALGORITHM);
  }

  /** A note for the holder of this key. */
  String begin(ApiKey key) {
    long end = time.now() + LONGEST.toMillis();
    return key.name() + "/" + end + "/" + signature(key, end);
  }

  /**
   * Whose note this is.
   *
   * @param note as the browser sent it; null for none
   * @param keys those that count now
   * @return null when it does not count
   */
  ApiKey holder(String note, ApiKeys keys) {
    if (note == null || note.length() > LONGEST_NOTE) {
      return null;
    }
    String[] parts = note.split("/", -1);
    if (parts.length != 3 || !parts[1].matches("[0-9]{1,15}")) {
      return null;
    }
    ApiKey key = keys.named(parts[0]);
    long end = Long.parseLong(parts[1]);
    if (key == null || !key.may(Right.CONSOLE) || end <= time.now()) {
      return null;
    }
    return isEqual(parts[2], signature(key, end)) ? key : null;
  }

  private static boolean isEqual(String shown, String right) {
    return MessageDigest.isEqual(
        shown.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  /** Of the key's hash, too: another key of the same name is another key. */
  private String signature(ApiKey key, long end) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      byte[] text = (key.name() + "/" + end + "/" + key.hash()).getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
