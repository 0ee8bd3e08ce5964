// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.pushserver.sandbox.Fault.Kind;

/**
 * One TLS port with the stand-ins behind it: reads a request, has it judged, lets a fault happen to
 * it, answers and writes it down. One event loop.
 */
final class StandInPort {
  private static final long NO_ERROR = 0;
  private static final long REFUSED_STREAM = 7;
  private static final long LEAVING_S = 30;

  private final Vertx vertx;
  private final Service service;
  private final Function<String, StandIn> standIns;
  private final Faults faults;
  private final Recorder recorder;
  private final IdentityHashMap<HttpConnection, String> connections = new IdentityHashMap<>();
  private long connectionCount;
  private boolean http2Only;
  private HttpServer server;

  /**
   * @param service names its connections, and is what {@link Kind#DOWN} means here
   * @param standIns the one for a path
   */
  StandInPort(
      Vertx vertx,
      Service service,
      Function<String, StandIn> standIns,
      Faults faults,
      Recorder recorder) {
    this.vertx = vertx;
    this.service = service;
    this.standIns = standIns;
    this.faults = faults;
    this.recorder = recorder;
  }

  /** Completes when clients can connect. */
  Future<Void> open(HttpServerOptions options, int port) {
    http2Only = options.getAlpnVersions().equals(List.of(HttpVersion.HTTP_2));
    server = vertx.createHttpServer(options);
    return server
        .connectionHandler(this::connected)
        .requestHandler(this::arrived)
        .listen(port, "127.0.0.1")
        .mapEmpty();
  }

  /** The port it listens on. */
  int port() {
    return server.actualPort();
  }

  private void connected(HttpConnection connection) {
    if (faults.isDown(service)) {
      connection.close();
      return;
    }
    connectionCount++;
    connections.put(connection, service.wireName() + "-" + connectionCount);
    connection.closeHandler(closed -> connections.remove(connection));
  }

  private void arrived(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    // Without ALPN in its hello, a client is taken to speak HTTP/1.1.
    if (http2Only && request.version() != HttpVersion.HTTP_2) {
      connection.close();
      return;
    }
    // A request that breaks off has nobody to answer to.
    Inbound.read(request, connections.getOrDefault(connection, ""), hasCertificate(connection))
        .onSuccess(inbound -> judge(request, inbound));
  }

  private static boolean hasCertificate(HttpConnection connection) {
    try {
      return !connection.peerCertificates().isEmpty();
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private void judge(HttpServerRequest request, Inbound inbound) {
    StandIn standIn = standIns.apply(inbound.path());
    StandInAnswer answer = standIn.judge(inbound);
    if (!answer.accepted()) {
      answer(request, inbound, standIn, answer);
      return;
    }
    faults
        .next(standIn.service(), standIn.token(inbound))
        .ifPresentOrElse(
            fault -> later(fault, () -> happen(fault, request, inbound, standIn, answer)),
            () -> answer(request, inbound, standIn, answer));
  }

  private void later(Fault fault, Runnable action) {
    if (fault.delay().isZero()) {
      action.run();
    } else {
      vertx.setTimer(fault.delay().toMillis(), timer -> action.run());
    }
  }

  private void happen(
      Fault fault,
      HttpServerRequest request,
      Inbound inbound,
      StandIn standIn,
      StandInAnswer answer) {
    switch (fault.kind()) {
      case DELAY -> answer(request, inbound, standIn, answer);
      case ANSWER -> answer(request, inbound, standIn, told(fault, inbound, standIn));
      case STALL -> recorder.record(standIn.service(), inbound, 0, "stalled");
      case REFUSE -> {
        recorder.record(standIn.service(), inbound, 0, "refused");
        request.response().reset(REFUSED_STREAM);
      }
      case DROP, DOWN -> {
        recorder.record(standIn.service(), inbound, 0, "dropped");
        request.connection().close();
      }
      case GOAWAY -> leave(request, inbound, standIn, answer);
    }
  }

  /** HTTP/1.1 has no farewell: there the good answer is all. */
  private void leave(
      HttpServerRequest request, Inbound inbound, StandIn standIn, StandInAnswer answer) {
    HttpConnection connection = request.connection();
    if (request.version() == HttpVersion.HTTP_2) {
      connection.goAway(NO_ERROR, request.streamId());
      request.response().endHandler(ended -> connection.shutdown(LEAVING_S, TimeUnit.SECONDS));
    }
    answer(request, inbound, standIn, answer);
  }

  private static StandInAnswer told(Fault fault, Inbound inbound, StandIn standIn) {
    StandInAnswer answer = standIn.forced(fault.status(), fault.reason(), inbound);
    if (fault.body() != null) {
      answer = new StandInAnswer(answer.status(), answer.reason(), answer.headers(), fault.body());
    }
    return fault.retryAfter() < 0
        ? answer
        : answer.with("retry-after", Integer.toString(fault.retryAfter()));
  }

  private void answer(
      HttpServerRequest request, Inbound inbound, StandIn standIn, StandInAnswer answer) {
    recorder.record(standIn.service(), inbound, answer.status(), answer.reason());
    request.response().setStatusCode(answer.status());
    answer.headers().forEach(request.response()::putHeader);
    request.response().end(answer.body());
  }
}
