// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.JavaSources;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** The services in conf/examples, as they stand: built, and asked to ring a phone. */
@Timeout(120)
class ExamplesIT {
  private static final Path EXAMPLES = Path.of("conf/examples");
  private static final String PHONE = "{\"platform\": \"firebase\", \"token\": \"%s\"}";

  private static final Vertx ELSEWHERE = Vertx.vertx();

  @TempDir private static Path directory;
  private static URLClassLoader examples;
  private static Sandbox sandbox;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void build() throws Exception {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      examples = JavaSources.compile(sources, directory.resolve("classes"));
    }
    sandbox = await(Sandbox.start(ELSEWHERE, SandboxOptions.in(directory.resolve("sandbox"))));
  }

  @AfterAll
  static void closeSandbox() throws Exception {
    await(ELSEWHERE.close());
    examples.close();
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private VerticleBase webhook(String name) throws ReflectiveOperationException {
    return (VerticleBase) examples.loadClass(name).getConstructor().newInstance();
  }

  /** As main does it. */
  private void start(VerticleBase webhook) throws ReflectiveOperationException {
    Method start =
        examples
            .loadClass("BellService")
            .getDeclaredMethod("start", Vertx.class, String.class, VerticleBase.class, int.class);
    start.setAccessible(true);
    await((Future<?>) start.invoke(null, vertx, sandbox.configDirectory().toString(), webhook, 0));
  }

  private HttpResponse<String> press(VerticleBase webhook, String body) throws Exception {
    int port = (int) webhook.getClass().getMethod("port").invoke(webhook);
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ring"))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ClientWebhook", "JsonWebhook"})
  void aBellRingsAPhoneAndSaysWhichTokenIsDead(String name) throws Exception {
    VerticleBase webhook = webhook(name);
    start(webhook);
    HttpResponse<String> rung = press(webhook, PHONE.formatted("phone-of-" + name));
    assertEquals(200, rung.statusCode(), rung::body);
    JsonObject message = arrived("phone-of-" + name);
    assertEquals("incoming_session", message.getJsonObject("data").getString("event"));
    assertEquals("sip:bell@example.com", message.getJsonObject("data").getString("from_uri"));

    HttpResponse<String> dead = press(webhook, PHONE.formatted("dead-" + name));
    assertEquals(410, dead.statusCode(), dead::body);
    assertEquals("dead-" + name, dead.headers().firstValue("x-forget").orElse(""));
  }

  private static JsonObject arrived(String token) {
    return sandbox.journal().list().stream()
        .map(one -> new JsonObject(one.body()).getJsonObject("message"))
        .filter(one -> one.getString("token").equals(token))
        .findAny()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ClientWebhook", "JsonWebhook"})
  void aBellThatCannotRingSaysWhy(String name) throws Exception {
    VerticleBase webhook = webhook(name);
    await(vertx.deployVerticle(webhook, onAnyPort()));
    HttpResponse<String> answer = press(webhook, PHONE.formatted("phone-of-bob"));
    assertEquals(503, answer.statusCode(), answer::body);
    assertTrue(answer.body().contains("pushserver.push"), answer::body);
    assertEquals(400, press(webhook, "ring!").statusCode());
  }

  private static DeploymentOptions onAnyPort() {
    return new DeploymentOptions().setConfig(new JsonObject().put("port", 0));
  }

  /** Who copies it gets the version that this is. */
  @Test
  void theBuildOfTheExamplesNamesThisVersion() throws Exception {
    String pom = Files.readString(EXAMPLES.resolve("pom.xml"));
    String ours = Files.readString(Path.of("pom.xml"));
    assertEquals(version(ours, "pushserver"), version(pom, "pushserver"));
    String slf4j = ours.replaceFirst("(?s).*<slf4j.version>([^<]+)<.*", "$1");
    assertEquals(slf4j, version(pom, "slf4j-simple"));
  }

  private static String version(String pom, String artifact) {
    return pom.replaceFirst(
        "(?s).*?<artifactId>" + artifact + "</artifactId>\\s*<version>([^<]+)<.*", "$1");
  }
}
