// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.netty.handler.ssl.SslContext;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Lets connections that trust the same, and show no certificate of their own, share what the JDK
 * makes of that, for as long as one of them is in use. Vert.x would make it for each client, and
 * each of our connections has one. With it they share TLS sessions: when a thousand applications
 * connect to the same host, most of them need not prove again who they are.
 *
 * <p>Immutable; any thread.
 */
final class SharedTls extends JdkSSLEngineOptions {
  /** A session is of use once, and soon: the JDK would keep 20 480 for a day. */
  private static final int SESSIONS = 64;

  /** By what is the same of two connections: ALPN or not, protocols, ciphers, whom they trust. */
  private static final Map<List<Object>, WeakReference<SslContext>> SHARED = new HashMap<>();

  @Override
  public JdkSSLEngineOptions copy() {
    return this;
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory(super.sslContextFactory());
  }

  private static synchronized SslContext shared(List<Object> kind, SslContextFactory factory)
      throws SSLException {
    WeakReference<SslContext> known = SHARED.get(kind);
    SslContext context = known == null ? null : known.get();
    if (context == null) {
      context = factory.create();
      context.sessionContext().setSessionCacheSize(SESSIONS);
      SHARED.values().removeIf(reference -> reference.refersTo(null));
      SHARED.put(kind, new WeakReference<>(context));
    }
    return context;
  }

  /** Notes what Vert.x wants, then looks whether it is there. Confined to whoever asked for it. */
  private static final class Factory implements SslContextFactory {
    private final SslContextFactory maker;
    private boolean usesAlpn;
    private boolean isShareable = true;
    private List<String> protocols = List.of();
    private Set<String> ciphers = Set.of();
    private List<TrustManager> trusted = List.of();

    Factory(SslContextFactory maker) {
      this.maker = maker;
    }

    @Override
    public SslContextFactory useAlpn(boolean uses) {
      usesAlpn = uses;
      var unused = maker.useAlpn(uses);
      return this;
    }

    @Override
    public SslContextFactory forClient(boolean isClient) {
      isShareable &= isClient;
      var unused = maker.forClient(isClient);
      return this;
    }

    @Override
    public SslContextFactory keyMananagerFactory(KeyManagerFactory own) {
      isShareable = false;
      var unused = maker.keyMananagerFactory(own);
      return this;
    }

    @Override
    public SslContextFactory trustManagerFactory(TrustManagerFactory trust) {
      trusted = Arrays.asList(trust.getTrustManagers());
      var unused = maker.trustManagerFactory(trust);
      return this;
    }

    @Override
    public SslContextFactory enabledCipherSuites(Set<String> suites) {
      ciphers = suites == null ? Set.of() : Set.copyOf(suites);
      var unused = maker.enabledCipherSuites(suites);
      return this;
    }

    @Override
    public SslContextFactory applicationProtocols(List<String> names) {
      protocols = names == null ? List.of() : List.copyOf(names);
      var unused = maker.applicationProtocols(names);
      return this;
    }

    @Override
    public SslContext create() throws SSLException {
      return isShareable
          ? shared(List.of(usesAlpn, protocols, ciphers, trusted), maker)
          : maker.create();
    }
  }
}
