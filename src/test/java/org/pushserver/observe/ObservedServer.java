// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.pushserver.RunningServer;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** A running server with the sandbox's applications, and a client that looks at it. */
public final class ObservedServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  final Sandbox sandbox;
  final RunningServer server;

  /**
   * @param directory empty; for the sandbox
   * @param settings further lines of the section [server]
   */
  public ObservedServer(Path directory, String... settings) throws Exception {
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory)));
    Files.writeString(
        sandbox.configDirectory().resolve("general.ini"),
        "[server]\nport = 0\n" + String.join("\n", settings) + "\n");
    server = await(RunningServer.start(vertx, sandbox.configDirectory()));
  }

  /** Where it takes pushes. */
  public int port() {
    return server.port();
  }

  /** Where health and metrics are. */
  public int adminPort() {
    return server.adminPort();
  }

  /** Where the sandbox is told what to do. */
  public int controlPort() {
    return sandbox.controlPort();
  }

  public HttpResponse<String> get(int port, String path) throws Exception {
    return await(send(HttpRequest.newBuilder(uri(port, path)).build()));
  }

  public HttpResponse<String> ask(String method, int port, String path) throws Exception {
    return await(
        send(
            HttpRequest.newBuilder(uri(port, path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build()));
  }

  /** Pushes a call to the application of type sylk on Firebase. */
  public HttpResponse<String> ring(String token, String callId) throws Exception {
    return await(ringing(token, callId));
  }

  /** The same, without waiting for the answer. */
  public CompletableFuture<HttpResponse<String>> ringing(String token, String callId) {
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
