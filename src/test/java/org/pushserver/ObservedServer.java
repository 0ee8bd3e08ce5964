// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.pushserver.config.Overrides;
import org.pushserver.config.SettingsReader;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** A running server with the sandbox's applications, and a client that looks at it. */
public final class ObservedServer implements AutoCloseable {
  private static final int PATIENCE_S = 30;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  final Sandbox sandbox;
  final Server server;

  /**
   * @param directory empty; for the sandbox
   * @param settings further lines of the section [server]
   */
  public ObservedServer(Path directory, String... settings) throws Exception {
    sandbox = await(Sandbox.start(vertx, SandboxOptions.in(directory)));
    Files.writeString(
        sandbox.configDirectory().resolve("general.ini"),
        "[server]\nport = 0\n" + String.join("\n", settings) + "\n");
    Overrides overrides = Overrides.directory(sandbox.configDirectory());
    server =
        await(new SettingsReader(vertx).read(overrides).compose(read -> Server.start(vertx, read)));
  }

  /** Waits, on the test's own thread. */
  @CanIgnoreReturnValue
  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(PATIENCE_S, SECONDS).join();
  }

  /** Where it takes pushes. */
  public int port() {
    return server.port();
  }

  /** Where the sandbox is told what to do. */
  public int controlPort() {
    return sandbox.controlPort();
  }

  HttpResponse<String> get(int port, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(port, path)).build()).get(PATIENCE_S, SECONDS);
  }

  HttpResponse<String> ask(String method, int port, String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(port, path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build())
        .get(PATIENCE_S, SECONDS);
  }

  /** Pushes a call to the application of type sylk on Firebase. */
  HttpResponse<String> ring(String token, String callId) throws Exception {
    return ringing(token, callId).get(PATIENCE_S, SECONDS);
  }

  /** The same, without waiting for the answer. */
  CompletableFuture<HttpResponse<String>> ringing(String token, String callId) {
    String body =
        """
        {"app-id": "com.example.phone", "platform": "firebase", "token": "%s",
         "event": "incoming_session", "call-id": "%s", "media-type": "audio",
         "from": "sip:alice@example.com", "to": "sip:bob@example.com"}
        """
            .formatted(token, callId);
    return send(
        HttpRequest.newBuilder(uri(server.port(), "/push"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    await(server.stop().eventually(sandbox::close).eventually(vertx::close));
  }
}
