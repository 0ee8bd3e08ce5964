// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The other end of a route under test: does to each request what the test says. */
final class Peer {
  private final Vertx vertx;
  private final List<HttpConnection> connections = new CopyOnWriteArrayList<>();
  private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
  private Promise<HttpServerRequest> nextRequest = Promise.promise();
  private volatile Consumer<HttpServerRequest> behaviour = Peer::ok;
  private HttpServer server;

  Peer(Vertx vertx) {
    this.vertx = vertx;
  }

  static void ok(HttpServerRequest request) {
    request.response().end("{}");
  }

  static HttpServerOptions http2(KeyCertOptions certificate, int port) {
    return new HttpServerOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(certificate)
        .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(10));
  }

  Future<Integer> start(HttpServerOptions options) {
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connections::add)
            .requestHandler(this::received);
    return server.listen().map(HttpServer::actualPort);
  }

  private void received(HttpServerRequest request) {
    requests.add(request);
    Promise<HttpServerRequest> waiting;
    synchronized (this) {
      waiting = nextRequest;
      nextRequest = Promise.promise();
    }
    behaviour.accept(request);
    waiting.complete(request);
  }

  /** To be asked before the request is sent. */
  synchronized Future<HttpServerRequest> nextRequest() {
    return nextRequest.future();
  }

  void does(Consumer<HttpServerRequest> newBehaviour) {
    behaviour = newBehaviour;
  }

  List<HttpConnection> connections() {
    return connections;
  }

  List<HttpServerRequest> requests() {
    return requests;
  }

  HttpConnection lastConnection() {
    return connections.get(connections.size() - 1);
  }

  int port() {
    return server.actualPort();
  }

  Future<Void> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
