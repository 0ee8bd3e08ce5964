// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Apple, Firebase and Google's token server behind one port, over TLS and HTTP/2. Each answers as a
 * script says, and takes everything when it has said its last line. Any thread.
 */
public final class FakePushServices {
  private static final long REFUSED_STREAM = 7;

  /** Who is spoken to; the path tells. */
  public enum Service {
    APNS(""),
    FCM("{\"name\": \"projects/mock/messages/0:1500415314455276%31bd1c9631bd1c96\"}"),
    TOKEN("{\"access_token\": \"ya29.test\", \"expires_in\": 3599, \"token_type\": \"Bearer\"}");

    private final String yes;

    Service(String yes) {
      this.yes = yes;
    }

    static Service of(String path) {
      if (path.equals("/token")) {
        return TOKEN;
      }
      return path.startsWith("/3/device/") ? APNS : FCM;
    }
  }

  /**
   * A push that arrived.
   *
   * @param headers with names in lower case
   * @param withCertificate whether the sender showed a certificate
   */
  public record Received(
      Service service,
      String path,
      Map<String, String> headers,
      Buffer body,
      boolean withCertificate) {
    public Received {
      headers = Map.copyOf(headers);
    }
  }

  private final Vertx vertx;
  private final TestTls tls;
  private final Map<Service, Queue<JsonNode>> scripts = new HashMap<>();
  private final List<Received> received = new ArrayList<>();
  private long awaited;
  private Promise<Void> arrived = Promise.promise();
  private final Map<Integer, Promise<Void>> awaitedConnections = new HashMap<>();
  private int connections;
  private HttpServer server;

  public FakePushServices(Vertx vertx, TestTls tls) {
    this.vertx = vertx;
    this.tls = tls;
  }

  /** Starts to listen on any free port of localhost. */
  public Future<Void> start() {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setClientAuth(ClientAuth.REQUEST)
                    .setTrustOptions(tls.trust())
                    .setKeyCertOptions(tls.server()))
            .connectionHandler(connection -> connected())
            .requestHandler(this::receive);
    return server.listen().mapEmpty();
  }

  /** Where it listens. */
  public HostAndPort address() {
    return HostAndPort.create("localhost", server.actualPort());
  }

  /** Ends all connections. */
  public Future<Void> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  /**
   * Forgets what arrived and what was still to be answered, and learns what to answer next.
   *
   * @param script for each service, by its name in lower case, a list of answers: {@code status},
   *     {@code headers}, {@code body} (text as it is, anything else as JSON), {@code delay_ms}; or
   *     {@code action}: {@code refused} (the stream, unprocessed) or {@code destroy} (the
   *     connection)
   */
  public synchronized void play(JsonNode script) {
    scripts.clear();
    received.clear();
    for (Service service : Service.values()) {
      Queue<JsonNode> answers = new ArrayDeque<>();
      script.path(service.name().toLowerCase(Locale.ROOT)).forEach(answers::add);
      scripts.put(service, answers);
    }
  }

  /** The pushes since {@link #play}, in the order of their coming. */
  public synchronized List<Received> received() {
    return List.copyOf(received);
  }

  /** Completes when so many pushes have come since {@link #play}. One at a time. */
  public synchronized Future<Void> untilReceived(int count) {
    awaited = count;
    arrived = Promise.promise();
    tellWhoWaits();
    return arrived.future();
  }

  /** Completes when so many connections have been made since the start. */
  public synchronized Future<Void> untilConnections(int count) {
    return awaited(count).future();
  }

  private synchronized void connected() {
    awaited(++connections).complete();
  }

  private Promise<Void> awaited(int count) {
    return awaitedConnections.computeIfAbsent(count, first -> Promise.promise());
  }

  private void tellWhoWaits() {
    if (received.size() >= awaited) {
      arrived.tryComplete();
    }
  }

  private void receive(HttpServerRequest request) {
    request.body().onSuccess(body -> answer(request, body));
  }

  private void answer(HttpServerRequest request, Buffer body) {
    Service service = Service.of(request.path());
    JsonNode answer;
    synchronized (this) {
      if (service != Service.TOKEN) {
        received.add(push(service, request, body));
      }
      JsonNode next = scripts.getOrDefault(service, new ArrayDeque<>()).poll();
      answer = next == null ? MissingNode.getInstance() : next;
      tellWhoWaits();
    }
    long delay = answer.path("delay_ms").asLong();
    if (delay == 0) {
      answer(request, service, answer);
    } else {
      vertx.setTimer(delay, late -> answer(request, service, answer));
    }
  }

  private static Received push(Service service, HttpServerRequest request, Buffer body) {
    Map<String, String> headers = new HashMap<>();
    request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    return new Received(service, request.path(), headers, body, hasCertificate(request));
  }

  private static boolean hasCertificate(HttpServerRequest request) {
    try {
      return !request.connection().peerCertificates().isEmpty();
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private static void answer(HttpServerRequest request, Service service, JsonNode answer) {
    HttpServerResponse response = request.response();
    switch (answer.path("action").asText()) {
      case "refused" -> response.reset(REFUSED_STREAM);
      case "destroy" -> request.connection().close();
      default -> {
        if (!response.closed()) {
          say(response, service, answer);
        }
      }
    }
  }

  private static void say(HttpServerResponse response, Service service, JsonNode answer) {
    response.setStatusCode(answer.path("status").asInt(200));
    answer
        .path("headers")
        .properties()
        .forEach(header -> response.putHeader(header.getKey(), header.getValue().asText()));
    JsonNode body = answer.path("body");
    if (answer.isMissingNode()) {
      response.end(service.yes);
    } else if (body.isMissingNode()) {
      response.end();
    } else {
      response.end(body.isTextual() ? body.textValue() : body.toString());
    }
  }
}
