// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
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
   * @param remarks told what of the file is not used, in words for an operator
   * @throws PemException names the file
   */
  public static CertifiedKey read(Path file, Consumer<String> remarks) throws PemException {
    List<Pem> blocks = Pem.read(file);
    try {
      return of(blocks, blocks, remark -> remarks.accept(file + ": " + remark));
    } catch (PemException e) {
      throw new PemException(file + ": " + e.getMessage());
    }
  }

  /**
   * Puts together what files held, whatever its order there: the key, its own certificate (the
   * newest that is valid), and those that lead to its authority. Then tries whether TLS can use it.
   *
   * @param certificates among which the certificates are
   * @param keys among which the key is
   * @param remarks told what is not used
   * @throws PemException when no certificate is the key's, or TLS cannot use them
   */
  public static CertifiedKey of(List<Pem> certificates, List<Pem> keys, Consumer<String> remarks)
      throws PemException {
    List<PrivateKey> read = PrivateKeys.readAll(keys);
    List<X509Certificate> all = Pem.certificates(certificates);
    if (all.isEmpty()) {
      throw new PemException(Pem.missing("certificate", certificates));
    }
    CertificatePath path = CertificatePath.of(all, read, Instant.now());
    CertifiedKey key = path.certifiedKey();
    TlsTrial.attempt(key);
    path.leftOver().ifPresent(remarks);
    if (read.size() > 1) {
      remarks.accept("there is more than one private key in it; take out the others");
    }
    return key;
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
