// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.pkitesting.X509Bundle;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.pushserver.config.Tls;
import org.pushserver.fake.TestTls;
import org.pushserver.pem.CertifiedKey;

/**
 * An authority of a test's own, what doors show that it has certified, and clients that trust it.
 */
public record IngressTls(X509Bundle authority) {
  /** Makes an authority. */
  public static IngressTls create() throws Exception {
    return new IngressTls(
        TestTls.valid().subject("CN=Authority").setIsCertificateAuthority(true).buildSelfSigned());
  }

  /** A certificate for a server on loopback, or a client. */
  public X509Bundle certify(String name) throws Exception {
    return TestTls.valid()
        .subject("CN=" + name)
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .buildIssuedBy(authority);
  }

  /** What a door shows to everybody. */
  static Tls tls(X509Bundle server) {
    return new Tls(key(server), List.of());
  }

  /** What a door shows, to clients that this authority has certified. */
  Tls mutual(X509Bundle server) {
    return new Tls(key(server), List.of(authority.getCertificate()));
  }

  private static CertifiedKey key(X509Bundle server) {
    return new CertifiedKey(List.of(server.getCertificate()), server.getKeyPair().getPrivate());
  }

  /** A client that trusts the authority. */
  public SSLContext client() throws Exception {
    return client(null);
  }

  /** A client that shows its own certificate, too. */
  public SSLContext client(X509Bundle identity) throws Exception {
    KeyManager[] keys = identity == null ? null : identity.toKeyManagerFactory().getKeyManagers();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, authority.toTrustManagerFactory().getTrustManagers(), new SecureRandom());
    return context;
  }
}
