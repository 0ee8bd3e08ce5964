// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;

/** Keys that nobody else has. */
public final class TestKeys {
  private TestKeys() {}

  /** Makes a pair; takes a moment for RSA. */
  public static KeyPair pair(String algorithm, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  /** As PEM, with line ends. */
  public static String pem(PrivateKey key) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
  }

  /** A new private key, as PEM. */
  public static String pem(String algorithm, int bits) throws GeneralSecurityException {
    return pem(pair(algorithm, bits).getPrivate());
  }
}
