// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Certificate files as operators put them together: a key, its certificate, two intermediate ones
 * and the root, in any order, and with what does not belong there.
 */
public final class CertificateFiles {
  /** Kinds of files: what is in each, in its order. */
  public static final List<String> KINDS =
      List.of(
          "leaf int1 int2 key",
          "leaf int1 int2 root key",
          "key leaf int1 int2",
          "key int2 int1 leaf",
          "leaf int2 int1 key",
          "leaf root int1 int2 key",
          "root int2 int1 leaf key",
          "int1 int2 key leaf",
          "leaf int1 int2 older key",
          "older key leaf int1 int2",
          "leaf int1 int2 key stranger",
          "stranger leaf int1 int2 key",
          "leaf leaf int1 int2 int2 key",
          "leaf expired-int1 int1 int2 key",
          "former-key former int1 int2 key leaf");

  private final X509Bundle root;
  private final X509Bundle leaf;
  private final Map<String, String> parts = new TreeMap<>();
  private final X509Certificate first;
  private final X509Certificate second;

  /**
   * Makes them all.
   *
   * @param root certifies, in the end
   * @param subject whose certificate it is
   */
  public CertificateFiles(X509Bundle root, String subject) throws Exception {
    this.root = root;
    X509Bundle int2 = authority("CN=Second intermediate").buildIssuedBy(root);
    X509Bundle int1 = authority("CN=First intermediate").buildIssuedBy(int2);
    leaf = leaf(subject).buildIssuedBy(int1);
    first = int1.getCertificate();
    second = int2.getCertificate();
    Instant now = Instant.now();
    X509Bundle older =
        leaf(subject)
            .keyPair(leaf.getKeyPair())
            .notBefore(now.minus(Duration.ofDays(40)))
            .notAfter(now.plus(Duration.ofDays(500)))
            .buildIssuedBy(int1);
    X509Bundle former = leaf(subject).notAfter(now.minusSeconds(60)).buildIssuedBy(int1);
    X509Bundle expired =
        authority("CN=First intermediate")
            .keyPair(int1.getKeyPair())
            .notAfter(now.minusSeconds(60))
            .buildIssuedBy(int2);
    parts.put("leaf", leaf.getCertificatePEM());
    parts.put("key", leaf.getPrivateKeyPEM());
    parts.put("int1", int1.getCertificatePEM());
    parts.put("int2", int2.getCertificatePEM());
    parts.put("root", root.getCertificatePEM());
    parts.put("older", older.getCertificatePEM());
    parts.put("former", former.getCertificatePEM());
    parts.put("former-key", former.getPrivateKeyPEM());
    parts.put("expired-int1", expired.getCertificatePEM());
    parts.put("stranger", authority("CN=Stranger").buildSelfSigned().getCertificatePEM());
  }

  private static CertificateBuilder authority(String subject) {
    return TestTls.valid().subject(subject).setIsCertificateAuthority(true);
  }

  private static CertificateBuilder leaf(String subject) {
    return TestTls.valid()
        .subject(subject)
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .addExtendedKeyUsageServerAuth()
        .addExtendedKeyUsageClientAuth();
  }

  /** The text of a file with these parts, in this order. */
  public String file(String kind) {
    return Stream.of(kind.split(" ")).map(parts::get).collect(Collectors.joining());
  }

  /** The certificates that TLS is to send from it; the root may be among them. */
  public List<X509Certificate> path(boolean withRoot) {
    return withRoot
        ? List.of(leaf.getCertificate(), first, second, root.getCertificate())
        : List.of(leaf.getCertificate(), first, second);
  }
}
