// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.pushserver.fake.Await.await;

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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The other end of a route under test: does to each request what the test says. */
final class Peer {
  private final Vertx vertx;
  private final List<HttpConnection> connections = new CopyOnWriteArrayList<>();
  private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
  private final Map<Promise<Void>, BooleanSupplier> waits = new ConcurrentHashMap<>();
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
            .connectionHandler(this::connected)
            .requestHandler(this::received);
    return server.listen().map(HttpServer::actualPort);
  }

  private void connected(HttpConnection connection) {
    connections.add(connection);
    check();
  }

  /** Waits until so many connections have been made, since the beginning. */
  void untilConnections(int count) throws Exception {
    until(() -> connections.size() >= count);
  }

  /** Waits until so many requests have come, since the beginning. */
  void untilRequests(int count) throws Exception {
    until(() -> requests.size() >= count);
  }

  private void until(BooleanSupplier condition) throws Exception {
    Promise<Void> met = Promise.promise();
    waits.put(met, condition);
    check();
    await(met.future());
  }

  private void check() {
    waits.forEach(
        (met, condition) -> {
          if (condition.getAsBoolean()) {
            waits.remove(met);
            met.tryComplete();
          }
        });
  }

  private void received(HttpServerRequest request) {
    requests.add(request);
    check();
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
