// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts what the system trusts, and maybe some certificates besides. Vert.x's own PEM options
 * would trust these alone, and a gateway's CA would lock out the real service.
 *
 * <p>All that trust the same share what the JDK makes of it, for as long as one of them is in use:
 * with some 150 authorities that is 35 KB, which a thousand connections need not have each. The
 * system's authorities are looked at anew for each connection.
 *
 * <p>Immutable; Vert.x reads it on a worker thread.
 */
public final class SystemTrust implements TrustOptions {
  /** By the authorities. Vert.x holds on to what it was given. */
  private static final Map<Set<X509Certificate>, WeakReference<TrustManagerFactory>> SHARED =
      new HashMap<>();

  /** Held for the JDK's sake, which reads the system's file again when nobody uses it. */
  private static TrustManagerFactory system;

  private final PemTrustOptions extra;

  /**
   * @param extra trusted besides what the system trusts; null for none
   */
  public SystemTrust(PemTrustOptions extra) {
    this.extra = extra == null ? null : extra.copy();
  }

  @Override
  public TrustOptions copy() {
    return this;
  }

  @Override
  public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws Exception {
    // Of a copy: the options keep what they have loaded, some 4 KB, for as long as they live.
    return shared(extra == null ? List.of() : certificates(extra.copy().loadKeyStore(vertx)));
  }

  private static List<X509Certificate> certificates(KeyStore store)
      throws GeneralSecurityException {
    return accepted(factory(store));
  }

  /** What the system alone trusts. Blocks: Java reads it, the first time. */
  static synchronized TrustManagerFactory ofSystem() throws GeneralSecurityException {
    system = factory(null);
    return system;
  }

  private static synchronized TrustManagerFactory shared(List<X509Certificate> extra)
      throws GeneralSecurityException, IOException {
    Set<X509Certificate> all = new LinkedHashSet<>(accepted(ofSystem()));
    all.addAll(extra);
    WeakReference<TrustManagerFactory> known = SHARED.get(all);
    TrustManagerFactory factory = known == null ? null : known.get();
    if (factory == null) {
      factory = factory(store(all));
      SHARED.values().removeIf(reference -> reference.refersTo(null));
      SHARED.put(all, new WeakReference<>(factory));
    }
    return factory;
  }

  private static KeyStore store(Set<X509Certificate> all)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (X509Certificate anchor : all) {
      store.setCertificateEntry("authority-" + count++, anchor);
    }
    return store;
  }

  private static List<X509Certificate> accepted(TrustManagerFactory factory) {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return List.of(x509.getAcceptedIssuers());
      }
    }
    return List.of();
  }

  /** A null store stands for the system's. */
  private static TrustManagerFactory factory(KeyStore store) throws GeneralSecurityException {
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
