// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Set;
import org.pushserver.config.ServerSettings;

/** How the server listens: port, TLS, and the limits on what it reads. */
final class Listener {
  private static final int MAX_HEADERS = 8 * 1024;
  private static final int MAX_REQUEST_LINE = 4 * 1024;

  /** Each may be a caller waiting for its push, so this is how many one connection can have. */
  private static final int MAX_STREAMS = 1000;

  private Listener() {}

  static HttpServerOptions options(ServerSettings settings) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            // A negative port is one free port that all verticles of a deployment share.
            .setPort(settings.port() == 0 ? -1 : settings.port())
            .setTcpKeepAlive(true)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxInitialLineLength(MAX_REQUEST_LINE)
            // Some clients hold back longer bodies until they are asked for them.
            .setHandle100ContinueAutomatically(true)
            // Without TLS only HTTP/1.1: a connection then counts as idle from its first moment.
            .setHttp2ClearTextEnabled(false)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxHeaderListSize(MAX_HEADERS)
                    .setMaxConcurrentStreams(MAX_STREAMS));
    if (settings.tlsCertificate() != null) {
      String pem = settings.tlsCertificate().toString();
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
          .setKeyCertOptions(new PemKeyCertOptions().setCertPath(pem).setKeyPath(pem));
    }
    return options;
  }
}
