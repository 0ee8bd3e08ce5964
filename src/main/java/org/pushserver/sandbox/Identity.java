// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * A key and the certificate for it (RFC 5280, P-256, ECDSA with SHA-256).
 *
 * <p>Own code, because the JDK can read certificates but not make them, and the libraries that can
 * are larger than the whole server.
 */
record Identity(KeyPair keys, X509Certificate certificate) {
  private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
  private static final Duration LIFETIME = Duration.ofDays(365);
  private static final Duration CLOCK_SKEW = Duration.ofDays(1);
  private static final int KEY_CERT_SIGN = 0x04;
  private static final int DIGITAL_SIGNATURE = 0x80;

  /** A new authority, trusted by whoever is given its certificate. */
  static Identity authority(String name) throws GeneralSecurityException {
    KeyPair keys = p256();
    List<byte[]> extensions = new ArrayList<>();
    extensions.add(critical("2.5.29.19", Der.sequence(Der.yes())));
    extensions.add(critical("2.5.29.15", Der.bits(2, new byte[] {KEY_CERT_SIGN})));
    return signed(name, keys, extensions, name, keys);
  }

  /** A server's certificate for localhost and both loopback addresses. */
  Identity issueServer(String name) throws GeneralSecurityException {
    byte[] loopback6 = new byte[16];
    loopback6[15] = 1;
    byte[] names =
        Der.sequence(
            Der.implicit(2, "localhost".getBytes(StandardCharsets.US_ASCII)),
            Der.implicit(7, new byte[] {127, 0, 0, 1}),
            Der.implicit(7, loopback6));
    return issue(name, "1.3.6.1.5.5.7.3.1", List.of(extension("2.5.29.17", names)));
  }

  /** A client's certificate. */
  Identity issueClient(String name) throws GeneralSecurityException {
    return issue(name, "1.3.6.1.5.5.7.3.2", List.of());
  }

  /** A certificate that does not say what it is for: a member of a cluster is both. */
  Identity issueMember(String name) throws GeneralSecurityException {
    return issue(name, List.of());
  }

  private Identity issue(String name, String usage, List<byte[]> more)
      throws GeneralSecurityException {
    List<byte[]> extensions = new ArrayList<>(more);
    extensions.add(extension("2.5.29.37", Der.sequence(Der.oid(usage))));
    return issue(name, extensions);
  }

  private Identity issue(String name, List<byte[]> more) throws GeneralSecurityException {
    List<byte[]> extensions = new ArrayList<>(more);
    extensions.add(critical("2.5.29.15", Der.bits(7, new byte[] {(byte) DIGITAL_SIGNATURE})));
    return signed(
        name,
        p256(),
        extensions,
        certificate.getSubjectX500Principal().getName(X500Principal.RFC2253),
        keys);
  }

  private static Identity signed(
      String subject, KeyPair keys, List<byte[]> extensions, String issuer, KeyPair issuerKeys)
      throws GeneralSecurityException {
    Instant now = Instant.now();
    List<byte[]> all = new ArrayList<>(extensions);
    // Key identifiers: strict verifiers refuse a chain without them.
    all.add(extension("2.5.29.14", Der.octets(keyId(keys))));
    all.add(extension("2.5.29.35", Der.sequence(Der.implicit(0, keyId(issuerKeys)))));
    byte[] content =
        Der.sequence(
            Der.explicit(0, Der.integer(BigInteger.TWO)),
            Der.integer(new BigInteger(96, new SecureRandom())),
            ECDSA_SHA256,
            new X500Principal(issuer).getEncoded(),
            Der.sequence(Der.time(now.minus(CLOCK_SKEW)), Der.time(now.plus(LIFETIME))),
            new X500Principal(subject).getEncoded(),
            keys.getPublic().getEncoded(),
            Der.explicit(3, Der.sequence(all.toArray(byte[][]::new))));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(issuerKeys.getPrivate());
    signature.update(content);
    byte[] encoded = Der.sequence(content, ECDSA_SHA256, Der.bits(0, signature.sign()));
    return new Identity(
        keys,
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(encoded)));
  }

  static KeyPair p256() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static byte[] keyId(KeyPair keys) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
    return Arrays.copyOf(digest, 20);
  }

  private static byte[] extension(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.octets(value));
  }

  private static byte[] critical(String oid, byte[] value) {
    return Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value));
  }
}
