// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that makes tunnels with CONNECT, or refuses to. Any thread. */
public final class ConnectProxy {
  private static final int BAD_GATEWAY = 502;
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

  /** Its host, for whoever connects to it. */
  private static final String HOST = "127.0.0.1";

  private final Vertx vertx;
  private final NetClient net;
  private final String credentials;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<NetSocket> tunnels = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> diverted = new ConcurrentHashMap<>();
  private volatile int refusal;
  private HttpServer server;

  /** For a Vert.x of its own, which alone knows that this name leads to 127.0.0.1. */
  public static VertxOptions whoKnows(String name) {
    return new VertxOptions()
        .setAddressResolverOptions(
            new AddressResolverOptions().setHostsValue(Buffer.buffer(HOST + ' ' + name)));
  }

  /** One that lets everybody through. */
  public ConnectProxy(Vertx vertx) {
    this(vertx, null);
  }

  /** One that wants a user and a password. */
  public ConnectProxy(Vertx vertx, String user, String password) {
    this(vertx, Base64.getEncoder().encodeToString((user + ':' + password).getBytes(UTF_8)));
  }

  private ConnectProxy(Vertx vertx, String credentials) {
    this.vertx = vertx;
    this.net = vertx.createNetClient();
    this.credentials = credentials;
  }

  /** Begins to listen on a free port of 127.0.0.1. */
  public Future<ConnectProxy> start() {
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost(HOST).setPort(0))
            .requestHandler(this::receive);
    return server.listen().map(this);
  }

  /** Where it is, as {@code host:port}. */
  public String address() {
    return HOST + ':' + port();
  }

  public int port() {
    return server.actualPort();
  }

  /** Takes no more connections; the tunnels end. */
  public Future<Void> stop() {
    return server.close();
  }

  /** Leads who asks for that host, at whichever port, to a port of this machine. */
  public ConnectProxy divert(String host, int port) {
    diverted.put(host, port);
    return this;
  }

  /**
   * Answers every request so until {@link #allow}.
   *
   * @param status such as 403, 407, 502
   */
  public void refuse(int status) {
    refusal = status;
  }

  /** Makes tunnels again. */
  public void allow() {
    refusal = 0;
  }

  /** The {@code host:port} of each request, refused ones too. */
  public List<String> asked() {
    return asked;
  }

  /** How many tunnels it has made. */
  public int tunnels() {
    return tunnels.size();
  }

  private void receive(HttpServerRequest request) {
    HostAndPort target = request.authority();
    asked.add(String.valueOf(target));
    if (!request.method().equals(HttpMethod.CONNECT) || target == null) {
      request.response().setStatusCode(405).end();
    } else if (refusal != 0) {
      request.response().setStatusCode(refusal).end();
    } else if (!isAllowed(request)) {
      request
          .response()
          .setStatusCode(PROXY_AUTHENTICATION_REQUIRED)
          .putHeader("proxy-authenticate", "Basic realm=\"test\"")
          .end();
    } else {
      Integer port = diverted.get(target.host());
      net.connect(port == null ? target.port() : port, port == null ? target.host() : HOST)
          .onComplete(
              peer -> tunnel(request, peer),
              unreachable -> request.response().setStatusCode(BAD_GATEWAY).end());
    }
  }

  private boolean isAllowed(HttpServerRequest request) {
    return credentials == null
        || ("Basic " + credentials).equals(request.getHeader("proxy-authorization"));
  }

  private void tunnel(HttpServerRequest request, NetSocket peer) {
    peer.pause();
    request
        .toNetSocket()
        .onComplete(
            client -> {
              tunnels.add(client);
              join(client, peer);
              join(peer, client);
              peer.resume();
            },
            gone -> peer.close());
  }

  private static void join(NetSocket from, NetSocket to) {
    from.handler(to::write);
    from.exceptionHandler(broken -> {});
    from.closeHandler(closed -> to.close());
  }
}
