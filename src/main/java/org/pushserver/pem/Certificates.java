// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.pem.Pem.PemException;

/** Certificates from PEM files, and back into what a TLS engine reads. */
public final class Certificates {
  private Certificates() {}

  /**
   * The certificates of a file, in their order. Blocks: worker thread.
   *
   * @throws PemException names the file; also when there is none in it
   */
  public static List<X509Certificate> read(Path file) throws PemException {
    List<Pem> blocks = Pem.read(file);
    try {
      List<X509Certificate> certificates = of(blocks);
      if (certificates.isEmpty()) {
        throw new PemException("there is no certificate in it");
      }
      return certificates;
    } catch (PemException e) {
      throw new PemException(file + ": " + e.getMessage());
    }
  }

  /** The certificates among these blocks, in their order; may be none. */
  static List<X509Certificate> of(List<Pem> blocks) throws PemException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem block : blocks) {
      if (block.isCertificate()) {
        certificates.add(certificate(block));
      }
    }
    return certificates;
  }

  private static X509Certificate certificate(Pem block) throws PemException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      throw new PemException("a certificate in the file is damaged");
    }
  }

  /** For TLS: trusts these. */
  public static PemTrustOptions trust(List<X509Certificate> certificates) {
    return new PemTrustOptions().addCertValue(text(certificates));
  }

  /** Written anew, so that the engine need not be as lenient as we are. */
  static Buffer text(List<X509Certificate> certificates) {
    Buffer text = Buffer.buffer();
    for (X509Certificate certificate : certificates) {
      try {
        text.appendString(Pem.encode("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a certificate that was read cannot be written", e);
      }
    }
    return text;
  }
}
