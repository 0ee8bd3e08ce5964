// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.GeneralSecurityException;

/**
 * The certificates of one sandbox.
 *
 * @param authority signs the others; whoever connects must trust it
 * @param server for localhost, 127.0.0.1 and ::1
 * @param client for applications that authenticate with a certificate
 */
record SandboxTls(Identity authority, Identity server, Identity client) {
  /** Takes a moment: makes keys. Worker thread. */
  static SandboxTls make() throws GeneralSecurityException {
    Identity authority = Identity.authority("CN=Pushserver sandbox CA");
    return new SandboxTls(
        authority,
        authority.issueServer("CN=localhost"),
        authority.issueClient("CN=Pushserver sandbox client"));
  }

  PemKeyCertOptions keyCert() {
    return new PemKeyCertOptions()
        .addKeyValue(Buffer.buffer(PemText.of(server.keys().getPrivate())))
        .addCertValue(Buffer.buffer(PemText.of(server.certificate())));
  }

  PemTrustOptions trust() {
    return new PemTrustOptions().addCertValue(Buffer.buffer(authorityPem()));
  }

  String authorityPem() {
    return PemText.of(authority.certificate());
  }

  /** Certificate and key in one text, as {@code apple_certificate} takes it. */
  String clientPem() {
    return PemText.of(client.certificate()) + PemText.of(client.keys().getPrivate());
  }
}
