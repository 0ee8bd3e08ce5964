// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pushserver.pem.Pem.PemException;

/**
 * Finds, among all that stands in a file, the certificate of the key and those that lead from it to
 * its authority. Files are put together by hand: in any order, with what a renewal left behind, or
 * with another authority's certificates. TLS takes a chain without gaps, or nothing.
 */
final class CertificatePath {
  private static final int NAMED = 5;

  private final Instant now;
  private final Set<X509Certificate> unused;
  private final List<X509Certificate> path = new ArrayList<>();
  private PrivateKey key;

  private CertificatePath(List<X509Certificate> certificates, Instant now) {
    this.now = now;
    this.unused = new LinkedHashSet<>(certificates);
  }

  /**
   * Builds the path.
   *
   * @param certificates in any order
   * @param keys those that may be meant
   * @param now of two certificates of a key, one that is valid now is taken, or else the newer one
   * @throws PemException when none of the certificates is one of the keys'
   */
  static CertificatePath of(List<X509Certificate> certificates, List<PrivateKey> keys, Instant now)
      throws PemException {
    CertificatePath path = new CertificatePath(certificates, now);
    if (!path.begin(keys)) {
      throw new PemException("certificate and key do not belong together");
    }
    path.extend();
    return path;
  }

  /** The key, with its own certificate first. */
  CertifiedKey certifiedKey() {
    return new CertifiedKey(path, key);
  }

  /** What is left over, in words for an operator; empty when all is used. */
  Optional<String> leftOver() {
    if (unused.isEmpty()) {
      return Optional.empty();
    }
    String names =
        unused.stream().limit(NAMED).map(this::describe).collect(Collectors.joining(", "));
    int more = unused.size() - NAMED;
    return Optional.of(
        "not sent, because the path from the key's certificate to its authority does not need it: "
            + names
            + (more > 0 ? " and " + more + " more" : "")
            + "; take it out of the file");
  }

  private String describe(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName();
    return "'"
        + (name.isEmpty() ? "a certificate without a name" : name)
        + "' ("
        + (end(certificate).isBefore(now) ? "expired " : "until ")
        + end(certificate)
        + ")";
  }

  private boolean begin(List<PrivateKey> keys) {
    Comparator<X509Certificate> better =
        Comparator.comparing(this::isValid)
            .thenComparing(X509Certificate::getNotBefore)
            .thenComparing(X509Certificate::getNotAfter);
    X509Certificate leaf = null;
    for (X509Certificate candidate : unused) {
      for (PrivateKey one : keys) {
        if (belongs(one, candidate.getPublicKey())
            && (leaf == null || better.compare(candidate, leaf) > 0)) {
          leaf = candidate;
          key = one;
        }
      }
    }
    add(leaf);
    return leaf != null;
  }

  private void extend() {
    X509Certificate last = path.get(0);
    while (last != null && !isIssuedBy(last, last)) {
      X509Certificate from = last;
      // Of two that certify the same, as cross-signed ones do, the file's order decides.
      last =
          unused.stream()
              .filter(one -> isIssuedBy(from, one))
              .min(Comparator.comparing(one -> !isValid(one)))
              .orElse(null);
      add(last);
    }
  }

  private void add(X509Certificate certificate) {
    if (certificate != null) {
      unused.remove(certificate);
      path.add(certificate);
    }
  }

  private boolean isValid(X509Certificate certificate) {
    return !certificate.getNotBefore().toInstant().isAfter(now) && !end(certificate).isBefore(now);
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  private static boolean isIssuedBy(X509Certificate certificate, X509Certificate authority) {
    if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** What one has signed, the other must verify. */
  private static boolean belongs(PrivateKey key, PublicKey publicKey) {
    if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    try {
      byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
      String algorithm = "EC".equals(key.getAlgorithm()) ? "SHA256withECDSA" : "SHA256withRSA";
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
