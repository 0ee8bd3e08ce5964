// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.ServerSSLOptions;
import java.lang.reflect.Field;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.pushserver.pem.Pem.PemException;

/**
 * Renews the certificates of an event bus while it runs. Its server and its client can both do
 * that, but Vert.x shows them to nobody: they are taken out of it by reflection.
 */
final class BusCertificates {
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.3");

  private BusCertificates() {}

  /**
   * Lets new connections begin with these.
   *
   * @throws GeneralSecurityException when this Vert.x has its parts elsewhere: then only the next
   *     start renews them
   */
  static void renew(Vertx vertx, ClusterTls tls) throws GeneralSecurityException, PemException {
    EventBus bus = vertx.eventBus();
    ServerSSLOptions server = new ServerSSLOptions().setClientAuth(ClientAuth.REQUIRED);
    server
        .setKeyCertOptions(tls.identity())
        .setTrustOptions(tls.authorities())
        .setEnabledSecureTransportProtocols(PROTOCOLS);
    ClientSSLOptions client = new ClientSSLOptions().setHostnameVerificationAlgorithm("");
    client
        .setKeyCertOptions(tls.identity())
        .setTrustOptions(tls.authorities())
        .setEnabledSecureTransportProtocols(PROTOCOLS);
    try {
      part(bus, "server", NetServer.class)
          .updateSSLOptions(server, true)
          .toCompletionStage()
          .toCompletableFuture()
          .get();
      part(bus, "client", NetClient.class)
          .updateSSLOptions(client, true)
          .toCompletionStage()
          .toCompletableFuture()
          .get();
    } catch (ExecutionException | ReflectiveOperationException e) {
      throw new GeneralSecurityException("the event bus does not take it: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T part(EventBus bus, String name, Class<T> type)
      throws ReflectiveOperationException {
    Field field = bus.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return type.cast(field.get(bus));
  }
}
