// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemTrustOptions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.pushserver.config.ServerSettings;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;

/** How the server listens: port, TLS, and the limits on what it reads. */
final class ServerOptions {
  private static final int MAX_REQUEST_LINE = 4 * 1024;

  private static final int RESET_WINDOW_S = 30;
  private static final long LONGEST_HANDSHAKE_MS = 10_000;

  private ServerOptions() {}

  /**
   * @param anyPort what to say for any free port: negative, for one that all servers of a Vert.x
   *     share that say the same
   * @throws PemException the certificates cannot be used
   */
  static HttpServerOptions options(ServerSettings settings, int anyPort) throws PemException {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port() == 0 ? anyPort : settings.port())
            .setTcpKeepAlive(true)
            // For the server that will take over from this one.
            .setReusePort(true)
            // Answers are written by the event loop of their connection. Else each connection has a
            // queue of 4.7 KB for those that other threads might write.
            .setStrictThreadMode(true)
            // There are no WebSockets here, so let nothing look for them in each request.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxHeaderSize(settings.limits().maxHeaders())
            .setMaxInitialLineLength(MAX_REQUEST_LINE)
            // Some clients hold back longer bodies until they are asked for them.
            .setHandle100ContinueAutomatically(true)
            // Without TLS only HTTP/1.1: a connection then counts as idle from its first moment.
            .setHttp2ClearTextEnabled(false)
            .setHttp2RstFloodMaxRstFramePerWindow(settings.limits().maxResets())
            .setHttp2RstFloodWindowDuration(RESET_WINDOW_S)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxHeaderListSize(settings.limits().maxHeaders())
                    .setMaxConcurrentStreams(settings.limits().maxRequests()));
    if (settings.tls() != null) {
      secure(options, settings);
    }
    return options;
  }

  private static void secure(HttpServerOptions options, ServerSettings settings)
      throws PemException {
    long idleMs = settings.limits().idleTimeout().toMillis();
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setSslHandshakeTimeoutUnit(MILLISECONDS)
        .setSslHandshakeTimeout(Math.min(idleMs, LONGEST_HANDSHAKE_MS))
        // Until HTTP begins; from then on it is for ClientConnections to know who is idle.
        .setIdleTimeoutUnit(MILLISECONDS)
        .setReadIdleTimeout((int) Math.min(idleMs, LONGEST_HANDSHAKE_MS))
        .setKeyCertOptions(settings.tls().identity().keyCert());
    List<X509Certificate> authorities = settings.tls().clientAuthorities();
    if (!authorities.isEmpty()) {
      options
          .setClientAuth(ClientAuth.REQUIRED)
          .setTrustOptions(
              new PemTrustOptions().addCertValue(Buffer.buffer(Pem.write(authorities))));
    }
  }
}
