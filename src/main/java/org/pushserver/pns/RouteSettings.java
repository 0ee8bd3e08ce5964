// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.route.Proxy;
import org.pushserver.route.RouteOptions;
import org.pushserver.route.RouteOptions.Identity;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.Target;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

/**
 * What an application's section says of the way to its push service, whichever that is.
 *
 * @param section its label
 * @param delivery how long and how many
 * @param ca trusted in addition to the system's authorities; null for none
 * @param proxy on the way; null for none
 */
public record RouteSettings(String section, Delivery delivery, PemTrustOptions ca, Proxy proxy) {
  private static final String PROXY = "proxy_url";

  /**
   * Reads them, and the file of authorities. Blocks.
   *
   * @param caSetting names that file; what else is in it is ignored
   * @param errors told what is wrong, without a password
   */
  public static RouteSettings read(AppConfig config, String caSetting, Consumer<Problem> errors) {
    return new RouteSettings(
        config.section(),
        config.delivery(),
        authorities(config, caSetting, errors).orElse(null),
        proxy(config, errors).orElse(null));
  }

  private static Optional<PemTrustOptions> authorities(
      AppConfig config, String setting, Consumer<Problem> errors) {
    Optional<Path> file = config.path(setting);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      List<X509Certificate> authorities = Pem.readCertificates(file.get());
      return Optional.of(new PemTrustOptions().addCertValue(Buffer.buffer(Pem.write(authorities))));
    } catch (PemException e) {
      errors.accept(config.error(setting, e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<Proxy> proxy(AppConfig config, Consumer<Problem> errors) {
    try {
      return config.setting(PROXY).map(String::strip).map(Proxy::parse);
    } catch (IllegalArgumentException e) {
      errors.accept(config.error(PROXY, e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * Tells when a peer without TLS would have to be reached through the proxy.
   *
   * @param setting names the peer
   */
  public void requireTls(
      Endpoint peer, AppConfig config, String setting, Consumer<Problem> errors) {
    if (proxy != null && !peer.tls()) {
      errors.accept(
          config.error(
              PROXY,
              "goes with TLS only, but "
                  + setting
                  + " is plain http, which must not leave this machine; leave one of them out"));
    }
  }

  /**
   * The way to one host.
   *
   * @param overTls what is spoken with one that is asked over TLS
   * @param certificate what we show to it; null for nothing
   */
  public RouteOptions to(
      Endpoint host, Protocol overTls, KeyCertOptions certificate, WhenIdle whenIdle) {
    Protocol protocol = host.tls() ? overTls : Protocol.PLAIN_HTTP1;
    return new RouteOptions(
        section,
        new Target(host.host(), host.port(), protocol, proxy),
        new Identity(ca, certificate),
        whenIdle,
        new Limits(delivery.requestTimeout(), delivery.maxConnections()));
  }
}
