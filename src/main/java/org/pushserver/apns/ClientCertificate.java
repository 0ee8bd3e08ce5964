// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.route.Pem;
import org.pushserver.route.Pem.PemException;

/**
 * What an application shows to APNs instead of a provider token.
 *
 * @param chain the application's certificate, then those that lead to Apple
 * @param key the key of the first
 */
record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
  ClientCertificate {
    chain = List.copyOf(chain);
  }

  /** Puts together what the files held, whatever its order there. */
  static ClientCertificate of(List<Pem> blocks, PrivateKey key) throws PemException {
    List<X509Certificate> chain = new ArrayList<>(Pem.certificates(blocks));
    for (X509Certificate certificate : chain) {
      if (belongs(key, certificate.getPublicKey())) {
        chain.remove(certificate);
        chain.add(0, certificate);
        return new ClientCertificate(chain, key);
      }
    }
    throw new PemException(
        chain.isEmpty()
            ? "there is no certificate in the file"
            : "certificate and key do not belong together");
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

  X509Certificate leaf() {
    return chain.get(0);
  }

  /** For TLS. */
  PemKeyCertOptions keyCert() throws PemException {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(Pem.write(chain)))
        .addKeyValue(Buffer.buffer(Pem.write("PRIVATE KEY", key.getEncoded())));
  }

  /** Not the key. */
  @Override
  public String toString() {
    return leaf().getSubjectX500Principal().toString();
  }
}
