// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.pushserver.pem.CertifiedKey;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;

/** Whom the client trusts, and what it shows the server, both from PEM files. Blocks. */
final class ClientTls {
  private static final char[] IN_MEMORY_ONLY = {};

  private ClientTls() {}

  /**
   * What TLS needs.
   *
   * @param authorities the file of the authorities to trust, and no others; null: the system's
   * @param certificate the file of the client's certificate and its chain; null: none is shown
   * @param key the file of its key; null: it is in the certificate's file
   * @throws PemException says which file cannot be used, and why
   */
  static SSLContext context(Path authorities, Path certificate, Path key)
      throws PemException, GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        certificate == null ? null : shown(certificate, key),
        authorities == null ? null : trusted(authorities),
        null);
    return context;
  }

  private static TrustManager[] trusted(Path file)
      throws PemException, GeneralSecurityException, IOException {
    KeyStore store = empty();
    List<X509Certificate> certificates = Pem.readCertificates(file);
    for (int at = 0; at < certificates.size(); at++) {
      store.setCertificateEntry("ca" + at, certificates.get(at));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyManager[] shown(Path certificate, Path key)
      throws PemException, GeneralSecurityException, IOException {
    // What of a file is not sent is no concern of whoever tries a push.
    CertifiedKey pair =
        key == null ? CertifiedKey.read(certificate, remark -> {}) : pair(certificate, key);
    KeyStore store = empty();
    store.setKeyEntry(
        "client", pair.key(), IN_MEMORY_ONLY, pair.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, IN_MEMORY_ONLY);
    return keys.getKeyManagers();
  }

  private static CertifiedKey pair(Path certificate, Path key) throws PemException {
    List<Pem> certificates = Pem.read(certificate);
    List<Pem> keys = Pem.read(key);
    if (keys.stream().noneMatch(Pem::isKey)) {
      throw new PemException(key + ": there is no private key in it");
    }
    try {
      return CertifiedKey.of(certificates, keys, remark -> {});
    } catch (PemException e) {
      throw new PemException(certificate + " and " + key + ": " + e.getMessage());
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }
}
