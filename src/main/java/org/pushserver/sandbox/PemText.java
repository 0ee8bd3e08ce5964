// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** PEM text (RFC 7468). Pure. */
final class PemText {
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private PemText() {}

  /** PKCS#8, not encrypted. */
  static String of(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  static String of(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate without encoding", e);
    }
  }

  private static String block(String label, byte[] content) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + BASE64.encodeToString(content)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
