// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import org.pushserver.pem.Pem.PemException;

/**
 * A private key, and the certificates that say whose it is: what a TLS client or server shows. Two
 * are equal when their contents are.
 *
 * @param chain the key's own certificate, then those that lead to its authority
 * @param key the key of the first
 */
public record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {
  public CertifiedKey {
    chain = List.copyOf(chain);
  }

  /**
   * Reads one file with both, in any order. Blocks: worker thread.
   *
   * @throws PemException names the file
   */
  public static CertifiedKey read(Path file) throws PemException {
    List<Pem> blocks = Pem.read(file);
    try {
      for (Pem block : blocks) {
        if (block.isKey()) {
          return of(blocks, PrivateKeys.read(block));
        }
      }
      throw new PemException("there is no private key in it");
    } catch (PemException e) {
      throw new PemException(file + ": " + e.getMessage());
    }
  }

  /**
   * Puts together what the files held, whatever its order there.
   *
   * @throws PemException when no certificate among the blocks is the key's
   */
  public static CertifiedKey of(List<Pem> blocks, PrivateKey key) throws PemException {
    List<X509Certificate> chain = Pem.certificates(blocks);
    for (X509Certificate certificate : chain) {
      if (belongs(key, certificate.getPublicKey())) {
        chain.remove(certificate);
        chain.add(0, certificate);
        return new CertifiedKey(chain, key);
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

  /** The key's own certificate. */
  public X509Certificate leaf() {
    return chain.get(0);
  }

  /**
   * For TLS: shows the chain, and proves that the key is there.
   *
   * @throws PemException a certificate cannot be written as it was read
   */
  public PemKeyCertOptions keyCert() throws PemException {
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
