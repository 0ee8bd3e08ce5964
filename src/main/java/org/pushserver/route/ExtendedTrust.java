// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts what the system trusts, and some certificates besides. Vert.x's own PEM options would
 * trust these alone, and a gateway's CA would lock out the real service.
 *
 * <p>Immutable; Vert.x reads it on a worker thread.
 */
public final class ExtendedTrust implements TrustOptions {
  private final PemTrustOptions extra;

  /**
   * @param extra trusted besides what the system trusts
   */
  public ExtendedTrust(PemTrustOptions extra) {
    this.extra = extra.copy();
  }

  @Override
  public TrustOptions copy() {
    return this;
  }

  @Override
  public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws Exception {
    KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
    all.load(null, null);
    int count = 0;
    for (X509Certificate anchor : systemAnchors()) {
      all.setCertificateEntry("system-" + count++, anchor);
    }
    KeyStore added = extra.loadKeyStore(vertx);
    for (String alias : Collections.list(added.aliases())) {
      all.setCertificateEntry("extra-" + count++, added.getCertificate(alias));
    }
    return factory(all);
  }

  private static X509Certificate[] systemAnchors() throws Exception {
    for (TrustManager manager : factory(null).getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509.getAcceptedIssuers();
      }
    }
    return new X509Certificate[0];
  }

  /** A null store stands for the system's. */
  private static TrustManagerFactory factory(KeyStore store) throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  @Override
  public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) {
    // Only servers that answer to several names choose by name.
    return serverName -> null;
  }
}
