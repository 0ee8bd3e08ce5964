// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushserver.route.RouteOptions.Identity;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.Target;
import org.pushserver.spi.Time;

/** Makes the connections of one route. Event loop only. */
final class Connector {
  private static final int TCP_CONNECT_MS = 5000;
  private static final long TLS_SECONDS = 10;

  /**
   * An answer's headers may be so long. Beyond it the answer is lost, and beyond a quarter more
   * Netty gives up the connection.
   */
  private static final int MOST_HEADER_BYTES = 128 * 1024;

  /** For all: name, TCP, TLS and the peer's first SETTINGS, for which Vert.x waits for ever. */
  private static final long ESTABLISH_MS = 20_000;

  /**
   * We use no pool. But a client without a timer to clean its pool cancels timer 0 when it is
   * closed, whoever that belongs to: 5.0.10, HttpClientImpl.doShutdown.
   */
  private static final PoolOptions NO_POOL = new PoolOptions().setCleanerPeriod(Integer.MAX_VALUE);

  private final RouteOptions options;
  private final Budget budget;
  private final Vertx vertx;
  private final Time time;
  private final HttpClientOptions clientOptions;
  private final Lookup lookup;
  private HttpClientAgent connecting;
  private long made;

  /**
   * @param budget how many requests the next connection is given
   */
  Connector(RouteOptions options, Budget budget, Vertx vertx, Time time) {
    this.options = options;
    this.budget = budget;
    this.vertx = vertx;
    this.time = time;
    this.clientOptions = clientOptions(options);
    this.lookup = new Lookup(options.label(), nearest(options.target()), vertx, time);
  }

  private static HttpClientOptions clientOptions(RouteOptions options) {
    HttpClientOptions client =
        new HttpClientOptions()
            .setConnectTimeout(TCP_CONNECT_MS)
            .setSoLinger(Closing.FORGET_UNSENT)
            .setMaxHeaderSize(MOST_HEADER_BYTES)
            .setInitialSettings(
                new Http2Settings().setPushEnabled(false).setMaxHeaderListSize(MOST_HEADER_BYTES))
            .setProtocolVersion(HttpVersion.HTTP_1_1);
    if (!options.target().protocol().tls()) {
      return client;
    }
    client
        .setSsl(true)
        .setUseAlpn(true)
        .setSslEngineOptions(new SharedTls())
        .setVerifyHost(true)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setSslHandshakeTimeout(TLS_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setAlpnVersions(
            options.target().protocol() == Protocol.HTTP2
                ? List.of(HttpVersion.HTTP_2)
                : List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
    Identity identity = options.identity();
    client.setTrustOptions(new SystemTrust(identity.ca()));
    if (identity.clientCertificate() != null) {
      client.setKeyCertOptions(identity.clientCertificate());
    }
    return client;
  }

  /** The only sign of its version that a connection gives away before the first request. */
  static boolean isHttp2(HttpClientConnection wire) {
    return wire.getWindowSize() >= 0;
  }

  /**
   * Makes a connection, one at a time; names are looked up anew, the host's by the proxy if there
   * is one.
   *
   * @return completes when requests may be sent: over HTTP/2 when the peer's first SETTINGS are in
   */
  Future<Connection> connect(Connection.Owner owner) {
    // A client of its own: closing it is the only way to end an attempt that hangs.
    HttpClientAgent agent =
        ForgottenClient.of(vertx.createHttpClient(clientOptions, NO_POOL), vertx);
    connecting = agent;
    Promise<Connection> promise = Promise.promise();
    long guard =
        time.timer(
            ESTABLISH_MS,
            () ->
                promise.tryFail(new TimeoutException("no connection in " + ESTABLISH_MS + " ms")));
    lookup
        .host()
        .compose(host -> agent.connect(connectOptions(host)))
        .compose(wire -> accept(agent, wire, owner))
        .onSuccess(
            connection -> {
              if (!promise.tryComplete(connection)) {
                connection.cut("came too late");
              }
            })
        .onFailure(promise::tryFail);
    return promise
        .future()
        .onComplete(
            done -> {
              time.cancel(guard);
              connecting = null;
            })
        .onFailure(cause -> agent.close())
        .recover(cause -> Future.failedFuture(explain(cause)));
  }

  /** The name that is looked up here: a proxy sees to the push service's. */
  private static String nearest(Target target) {
    return target.proxy() == null ? target.host() : target.proxy().options().getHost();
  }

  /**
   * @param host where that name leads
   */
  private HttpConnectOptions connectOptions(String host) {
    Target target = options.target();
    HttpConnectOptions connect =
        new HttpConnectOptions().setHost(target.host()).setPort(target.port());
    return target.proxy() == null
        ? connect.setServer(SocketAddress.inetSocketAddress(target.port(), host))
        : connect.setProxyOptions(target.proxy().options().setHost(host));
  }

  private Throwable explain(Throwable cause) {
    Proxy proxy = options.target().proxy();
    return proxy == null ? cause : proxy.explain(cause, options.peer());
  }

  private Future<Connection> accept(
      HttpClientAgent agent, HttpClientConnection wire, Connection.Owner owner) {
    if (options.target().protocol() == Protocol.HTTP2 && !isHttp2(wire)) {
      return Future.failedFuture(options.peer() + " does not speak HTTP/2");
    }
    lookup.leadsTo(wire.remoteAddress(true).hostAddress());
    return Future.succeededFuture(
        new Connection(++made, options, agent, wire, budget, time, owner));
  }

  /** Gives up the attempt that is under way, if any; it fails. */
  Future<Void> close() {
    return connecting == null ? Future.succeededFuture() : connecting.close();
  }
}
