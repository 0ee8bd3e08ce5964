// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.PushServerVerticle;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** A program with a Vert.x of its own, and a sandbox elsewhere, with a configuration for it. */
final class EmbeddedFixture implements BeforeEachCallback, AfterEachCallback {
  static final String PHONE = "com.example.phone";

  final LogTrail log = new LogTrail("org.pushserver", Level.INFO);

  /** The program's. */
  Vertx vertx = Vertx.vertx();

  Sandbox sandbox;

  private final Supplier<Path> directory;
  private final Vertx elsewhere = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param directory where everything is to be; empty, and asked for when a test begins
   */
  EmbeddedFixture(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    sandbox = await(TestSandbox.start(elsewhere, SandboxOptions.in(directory.get())));
  }

  /** Where the files of the configuration are. */
  Path config() {
    return sandbox.configDirectory();
  }

  /** What the files say, as JSON. */
  JsonObject json() throws IOException {
    return new JsonObject()
        .put("general", sections("general.ini").put("applications", new JsonObject()))
        .put("applications", sections("applications.ini"))
        .put("directory", config().toString());
  }

  private JsonObject sections(String file) throws IOException {
    JsonObject sections = new JsonObject();
    JsonObject section = null;
    for (String line : Files.readAllLines(config().resolve(file))) {
      if (line.startsWith("[")) {
        section = new JsonObject();
        sections.put(line.substring(1, line.length() - 1), section);
      } else if (line.contains(" = ")) {
        String[] parts = line.split(" = ", 2);
        section.put(parts[0], parts[1]);
      }
    }
    return sections;
  }

  /** The same for another server on the same Vert.x. */
  JsonObject json(String prefix) throws IOException {
    JsonObject json = json();
    json.getJsonObject("general").put("bus", new JsonObject().put("prefix", prefix));
    return json;
  }

  /** Deploys it, and tells its deployment. */
  @CanIgnoreReturnValue
  String deploy(PushServerVerticle server) {
    return await(vertx.deployVerticle(server));
  }

  /** Rings an iPhone over HTTP, which must work. */
  void assertRings(PushServerVerticle server, int number) throws Exception {
    assertRings(server.port(), number);
  }

  void assertRings(int port, int number) throws Exception {
    HttpResponse<String> answer = await(ring(port, number));
    assertEquals(200, answer.statusCode(), answer::body);
    assertEquals(1, arrived(token(number)));
  }

  /** Rings an iPhone over the program's event bus, which must work. */
  void assertRings(String address, int number) {
    DeliveryOptions patient = new DeliveryOptions().setSendTimeout(74_000);
    JsonObject answer =
        await(vertx.eventBus().<JsonObject>request(address, ring(number), patient)).body();
    assertEquals(200, answer.getInteger("code"), answer::encode);
    assertEquals(1, arrived(token(number)));
  }

  private static JsonObject ring(int number) {
    String token = token(number);
    return new JsonObject()
        .put("app-id", PHONE)
        .put("platform", "apple")
        .put("token", token)
        .put("call-id", token)
        .put("from", "sip:alice@example.com")
        .put("to", "sip:bob@example.com")
        .put("event", "incoming_session")
        .put("media-type", "audio");
  }

  /** Asks for a ring on an iPhone. */
  CompletableFuture<HttpResponse<String>> ring(int port, int number) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/push"))
            .POST(HttpRequest.BodyPublishers.ofString(ring(number).encode()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A token for an iPhone, different for each number. */
  static String token(int number) {
    return String.format(Locale.ROOT, "%064x", 0xc0ffee000L + number);
  }

  /** How many pushes came for a token. */
  long arrived(String token) {
    return sandbox.journal().list().stream().filter(one -> one.path().endsWith(token)).count();
  }

  /** What is on a page over HTTP. */
  HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void afterEach(ExtensionContext test) {
    await(vertx.close());
    await(elsewhere.close());
    log.close();
  }
}
