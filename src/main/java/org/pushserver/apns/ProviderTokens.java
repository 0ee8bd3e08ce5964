// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPrivateKey;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The provider tokens of all applications: one for each team and key, for Apple wants few, and they
 * are not bound to a connection. A key that was replaced leaves its token behind; keys are replaced
 * once in years. Any thread.
 */
final class ProviderTokens {
  private final Map<String, ProviderToken> tokens = new HashMap<>();

  synchronized ProviderToken token(String teamId, String keyId, ECPrivateKey key) {
    String id = String.join(" ", teamId, keyId, fingerprint(key));
    ProviderToken token = tokens.get(id);
    if (token == null) {
      token = new ProviderToken(teamId, keyId, key);
      tokens.put(id, token);
    }
    return token;
  }

  /** The content, not the file's name: a key that is replaced in place is another key. */
  private static String fingerprint(ECPrivateKey key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
