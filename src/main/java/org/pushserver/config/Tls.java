// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.pushserver.pem.CertifiedKey;

/**
 * How the server speaks TLS: the contents of the files, as they were when they were read, so that
 * two are equal unless something has changed.
 *
 * @param identity what it shows: {@code tls_certificate}
 * @param clientAuthorities who certifies the clients that may connect: {@code tls_client_ca}; empty
 *     when clients need no certificate
 */
public record Tls(CertifiedKey identity, List<X509Certificate> clientAuthorities) {
  public Tls {
    Objects.requireNonNull(identity, "identity");
    clientAuthorities = List.copyOf(clientAuthorities);
  }

  /** The same, for clients that others certify. */
  Tls withAuthoritiesOf(Tls other) {
    return new Tls(identity, other.clientAuthorities);
  }

  /** Whose certificate it is; nothing of the key. */
  @Override
  public String toString() {
    return identity + (clientAuthorities.isEmpty() ? "" : ", clients by certificate");
  }
}
