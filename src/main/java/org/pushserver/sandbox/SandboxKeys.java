// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.UUID;

/**
 * The keys that clients of one sandbox authenticate with. The names are fixed.
 *
 * @param apns signs APNs provider tokens
 * @param account the service account's
 * @param legacy the legacy FCM server key
 */
record SandboxKeys(KeyPair apns, KeyPair account, String legacy) {
  static final String KEY_ID = "SANDBOXKEY";
  static final String TEAM_ID = "SANDBOXTEM";
  static final String PROJECT = "pushserver-sandbox";
  static final String ACCOUNT = "sandbox@pushserver-sandbox.iam.gserviceaccount.com";
  static final String ACCOUNT_KEY_ID = "pushserver-sandbox-key";

  /** Takes a moment: makes keys. Worker thread. */
  static SandboxKeys make() throws GeneralSecurityException {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    return new SandboxKeys(Identity.p256(), rsa.generateKeyPair(), "sandbox-" + UUID.randomUUID());
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "SandboxKeys";
  }
}
