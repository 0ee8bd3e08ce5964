// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import java.security.PrivateKey;
import org.pushserver.pns.Endpoint;

/**
 * What one OAuth token is asked for with. Applications with equal ones share the token.
 *
 * @param clientEmail the account's name
 * @param keyId which of its keys {@code key} is
 * @param key RSA, 2048 bits or more
 * @param tokenUri where tokens are asked for
 * @param audience the same as it stands in the account's file: the token server compares it
 */
record Credential(
    String clientEmail, String keyId, PrivateKey key, Endpoint tokenUri, String audience) {
  /** Without the key. */
  @Override
  public String toString() {
    return clientEmail + ", key " + keyId;
  }
}
