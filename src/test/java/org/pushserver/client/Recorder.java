// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.fake.TestTls;

/** Stands in for the server: notes what clients send, and answers as it is told. */
final class Recorder implements BeforeEachCallback, AfterEachCallback {
  volatile int status = 200;
  volatile String body = "{\"code\":200}";
  volatile String location;

  /** Whether it never answers. */
  volatile boolean silent;

  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private Vertx vertx;
  private HttpServer server;

  /**
   * A request.
   *
   * @param head what counts of its line and headers
   * @param uri its path
   * @param authorization that header; empty when it had none
   * @param body what it carried
   */
  record Request(String head, String uri, String authorization, String body) {}

  @Override
  public void beforeEach(ExtensionContext test) {
    vertx = Vertx.vertx();
    server = vertx.createHttpServer().requestHandler(this::note);
    await(server.listen(0, "127.0.0.1"));
  }

  @Override
  public void afterEach(ExtensionContext test) {
    await(vertx.close());
  }

  private void note(HttpServerRequest request) {
    request.body().onSuccess(sent -> answer(request, sent));
  }

  private void answer(HttpServerRequest request, Buffer sent) {
    String head =
        request.method()
            + " "
            + request.uri()
            + " "
            + request.version()
            + " "
            + request.getHeader("content-type");
    String authorization = request.getHeader("authorization");
    requests.add(
        new Request(
            head, request.uri(), authorization == null ? "" : authorization, sent.toString()));
    if (!silent) {
      if (location != null) {
        request.response().putHeader("location", location);
      }
      request.response().setStatusCode(status).end(body);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  int port() {
    return server.actualPort();
  }

  void close() {
    await(server.close());
  }

  /** The URL of the same over TLS, for who shows a certificate of that authority. */
  String secure(TestTls tls) {
    HttpServer secure =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(tls.server())
                    .setTrustOptions(tls.trust())
                    .setClientAuth(ClientAuth.REQUIRED))
            .requestHandler(this::note);
    await(secure.listen(0, "127.0.0.1"));
    return "https://127.0.0.1:" + secure.actualPort() + "/push";
  }

  boolean isIdle() {
    return requests.isEmpty();
  }

  /** Takes the oldest request that was not taken yet. It has come: its client has ended. */
  Request next() {
    Request next = requests.poll();
    if (next == null) {
      throw new AssertionError("no request has come");
    }
    return next;
  }

  JsonObject received() {
    return new JsonObject(next().body());
  }

  String authorization() {
    return next().authorization();
  }

  String uri() {
    return next().uri();
  }

  /** The arguments of a push to this server, and more; no {@code --url} when they have one. */
  List<String> push(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--platform",
                "apple",
                "--appid",
                "com.example.phone",
                "--token",
                "abcd",
                "--from",
                "sip:a@example.com",
                "--to",
                "sip:b@example.com"));
    if (Stream.of(more).noneMatch(option -> option.startsWith("--url"))) {
      arguments.addAll(List.of("--url", "http://127.0.0.1:" + port() + "/push"));
    }
    arguments.addAll(List.of(more));
    return arguments;
  }
}
