// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * An authority of a test's own, and what it has certified, as PEM files.
 *
 * @param authority signs
 * @param ca the authority's certificate
 * @param serverCertificate for localhost, 127.0.0.1 and {@link #NAME}
 * @param serverKey its key
 * @param clientCertificate for a client that must show one
 * @param clientKey its key
 */
public record TestTls(
    X509Bundle authority,
    Path ca,
    Path serverCertificate,
    Path serverKey,
    Path clientCertificate,
    Path clientKey) {

  /** A name that no name server knows. */
  public static final String NAME = "push.example.test";

  private static final class Shared {
    static final TestTls TLS = make();

    private static TestTls make() {
      try {
        Path dir = Files.createTempDirectory("pushserver-tls");
        dir.toFile().deleteOnExit();
        TestTls tls = create(dir);
        for (File file : dir.toFile().listFiles()) {
          file.deleteOnExit();
        }
        return tls;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** One for all tests of this JVM, for which none of its files may be changed. */
  public static TestTls shared() {
    return Shared.TLS;
  }

  /** Makes it all in a folder. */
  public static TestTls create(Path dir) throws Exception {
    X509Bundle authority =
        valid().subject("CN=Test authority").setIsCertificateAuthority(true).buildSelfSigned();
    X509Bundle server =
        valid()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanDnsName(NAME)
            .addSanIpAddress("127.0.0.1")
            .buildIssuedBy(authority);
    X509Bundle client = valid().subject("CN=Test client").buildIssuedBy(authority);
    return new TestTls(
        authority,
        Files.writeString(dir.resolve("ca.pem"), authority.getCertificatePEM()),
        Files.writeString(dir.resolve("server-cert.pem"), server.getCertificatePEM()),
        Files.writeString(dir.resolve("server-key.pem"), server.getPrivateKeyPEM()),
        Files.writeString(dir.resolve("client-cert.pem"), client.getCertificatePEM()),
        Files.writeString(dir.resolve("client-key.pem"), client.getPrivateKeyPEM()));
  }

  /** A certificate's beginning: P-256, valid for a year around now. */
  public static CertificateBuilder valid() {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .ecp256()
        .notBefore(now.minus(Duration.ofDays(1)))
        .notAfter(now.plus(Duration.ofDays(365)));
  }

  /** What a server on loopback shows. */
  public PemKeyCertOptions server() {
    return pair(serverCertificate, serverKey);
  }

  /** What a client shows. */
  public PemKeyCertOptions client() {
    return pair(clientCertificate, clientKey);
  }

  /** Trusts this authority alone. */
  public PemTrustOptions trust() {
    return new PemTrustOptions().addCertPath(ca.toString());
  }

  private static PemKeyCertOptions pair(Path certificate, Path key) {
    return new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString());
  }
}
