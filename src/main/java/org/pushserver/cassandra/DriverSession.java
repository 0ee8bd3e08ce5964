// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.pushserver.config.CassandraSettings;

/** How the driver is set up. */
final class DriverSession {
  /** Of an answer that may take longer than a push can wait: tables that are made, pages of all. */
  static final Duration LONG = Duration.ofSeconds(10);

  private DriverSession() {}

  /**
   * Opens a session. Fails soon when no contact point answers; once it is open it comes back by
   * itself, whatever happens to the cluster. Any thread: the driver's classes are loaded on
   * another.
   */
  static Future<CqlSession> open(Vertx vertx, CassandraSettings settings) {
    return vertx
        .<CompletionStage<CqlSession>>executeBlocking(() -> builder(settings).buildAsync(), false)
        .compose(Future::fromCompletionStage);
  }

  private static CqlSessionBuilder builder(CassandraSettings settings)
      throws GeneralSecurityException, IOException {
    CqlSessionBuilder builder =
        CqlSession.builder()
            .withClassLoader(DriverSession.class.getClassLoader())
            .withConfigLoader(options(settings))
            .addContactPoints(settings.contactPoints());
    if (!settings.user().isEmpty()) {
      builder.withAuthCredentials(settings.user(), settings.password());
    }
    if (!settings.datacenter().isEmpty()) {
      builder.withLocalDatacenter(settings.datacenter());
    }
    if (settings.tls()) {
      builder.withSslEngineFactory(
          new ProgrammaticSslEngineFactory(context(settings.authorities()), null, true));
    }
    return builder;
  }

  private static DriverConfigLoader options(CassandraSettings settings) {
    Duration timeout = settings.timeout();
    ProgrammaticDriverConfigLoaderBuilder options =
        DriverConfigLoader.programmaticBuilder(DriverSession.class.getClassLoader())
            .withString(DefaultDriverOption.SESSION_NAME, "tokens")
            .withString(
                DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS,
                settings.datacenter().isEmpty()
                    ? "DcInferringLoadBalancingPolicy"
                    : "DefaultLoadBalancingPolicy")
            .withString(
                DefaultDriverOption.REQUEST_CONSISTENCY,
                settings.consistency().toUpperCase(Locale.ROOT))
            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, timeout)
            // What is written carries its time, so that it may be said twice.
            .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, true)
            .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, Duration.ofSeconds(2))
            .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(2))
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(2))
            .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(500))
            .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5))
            .withDuration(DefaultDriverOption.HEARTBEAT_INTERVAL, Duration.ofSeconds(5))
            .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, Duration.ofSeconds(2))
            // As many as the protocol has numbers for: more than one loop of ours asks at a time.
            .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, 32_768)
            .withBoolean(DefaultDriverOption.CONNECTION_WARN_INIT_ERROR, false)
            .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
            .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
            .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
            .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
            .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
            .withBoolean(DefaultDriverOption.NETTY_DAEMON, true);
    return options.build();
  }

  /** Trusts these alone; the system's when there are none. */
  private static SSLContext context(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    if (authorities.isEmpty()) {
      return SSLContext.getDefault();
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("authority-" + store.size(), authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
