// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.pushserver.config.Tls;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;

/**
 * What this server shows to members, and whom it takes for one: who has a certificate of the
 * cluster's own authority. Both may be renewed while connections stand; each new one begins with
 * the latest. Any thread.
 */
final class ClusterTls {
  private static final char[] NO_PASSWORD = new char[0];

  private volatile Tls tls;
  private volatile SSLContext context;

  /**
   * @throws GeneralSecurityException when Java cannot use them
   */
  ClusterTls(Tls tls) throws GeneralSecurityException {
    renew(tls);
  }

  /** Begins new connections with these; fails, and nothing has changed, when Java cannot. */
  void renew(Tls renewed) throws GeneralSecurityException {
    context = contextOf(renewed);
    tls = renewed;
  }

  private static SSLContext contextOf(Tls tls) throws GeneralSecurityException {
    KeyStore own = emptyStore();
    own.setKeyEntry(
        "member",
        tls.identity().key(),
        NO_PASSWORD,
        tls.identity().chain().toArray(new X509Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, NO_PASSWORD);
    KeyStore authorities = emptyStore();
    for (X509Certificate authority : tls.clientAuthorities()) {
      authorities.setCertificateEntry("authority" + authorities.size(), authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  /** Whether these are what it has already. */
  boolean isOf(Tls other) {
    return tls.equals(other);
  }

  /** For connections that begin now. */
  SSLContext context() {
    return context;
  }

  /** The same, as Vert.x wants it. */
  PemKeyCertOptions identity() throws PemException {
    return tls.identity().keyCert();
  }

  /** The authorities, as Vert.x wants them. */
  PemTrustOptions authorities() throws PemException {
    return new PemTrustOptions().addCertValue(Buffer.buffer(Pem.write(tls.clientAuthorities())));
  }
}
