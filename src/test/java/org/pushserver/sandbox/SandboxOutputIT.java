// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.RunningServer;
import org.pushserver.fake.Await;

/** What scripts get of a sandbox, and what of its files stays from start to start. */
class SandboxOutputIT {
  /** What a shell would make something of, were it given to one. */
  private static final String CALL_ID = "1-$(touch pwned)`touch pwned`;'\"@192.0.2.1";

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      await(server.stop());
    }
    await(vertx.close());
  }

  private Sandbox start(SandboxOptions options) {
    return await(Sandbox.start(vertx, options));
  }

  private int push(Sandbox sandbox, String appId, String platform, String token) throws Exception {
    if (server == null) {
      server = await(RunningServer.start(vertx, sandbox.configDirectory()));
    }
    JsonObject ring =
        new JsonObject()
            .put("app-id", appId)
            .put("platform", platform)
            .put("token", token)
            .put("call-id", CALL_ID)
            .put("from", "sip:alice@example.com")
            .put("to", "sip:bob@example.com")
            .put("event", "incoming_session")
            .put("media-type", "audio");
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/push"))
                .POST(HttpRequest.BodyPublishers.ofString(ring.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  private static List<JsonObject> lines(Path file) throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(JsonObject::new).toList()
        : List.of();
  }

  @Test
  void aFileForScriptsHasALineForEachNotificationWithItsWholeToken() throws Exception {
    Path log = directory.resolve("got.json");
    Sandbox sandbox =
        start(SandboxOptions.in(directory).withOutput(new SandboxOutput(null, log, null)));
    String token = "ab".repeat(32);
    assertEquals(200, push(sandbox, "com.example.phone", "apple", token));
    assertEquals(410, push(sandbox, "com.example.linphone", "firebase", "dead-phone"));
    Await.until(() -> lines(log).size() == 2, () -> "the lines");
    JsonObject first = lines(log).get(0);
    assertEquals(token, first.getString("token"));
    assertEquals("com.example.phone.voip", first.getString("app"));
    assertEquals("incoming_session", first.getString("event"));
    assertEquals(CALL_ID, first.getString("call_id"));
    assertEquals(200, first.getInteger("status"));
    JsonObject second = lines(log).get(1);
    assertEquals("dead-phone", second.getString("token"));
    assertEquals("incoming_session", second.getString("event"));
    assertEquals(CALL_ID, second.getString("call_id"));
    assertEquals("UNREGISTERED", second.getString("reason"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
  }

  @Test
  void aCommandIsRunForEachNotificationThatWasTakenAndFindsItInItsEnvironment() throws Exception {
    Path woken = directory.resolve("woken");
    String command =
        "printf '%s %s %s\\n' \"$PUSH_EVENT\" \"$PUSH_TOKEN\" \"$PUSH_CALL_ID\" >> " + woken;
    Sandbox sandbox =
        start(SandboxOptions.in(directory).withOutput(new SandboxOutput(null, null, command)));
    assertEquals(410, push(sandbox, "com.example.phone", "firebase", "dead-phone"));
    assertEquals(200, push(sandbox, "com.example.phone", "firebase", "phone-of-bob"));
    Await.until(() -> Files.exists(woken) && Files.size(woken) > 0, () -> "the command's file");
    assertEquals("incoming_session phone-of-bob " + CALL_ID + "\n", Files.readString(woken));
    assertFalse(Files.exists(Path.of("pwned")));
  }

  @Test
  void anyApplicationMayBePushedWhereThatIsWanted() throws Exception {
    Sandbox sandbox =
        start(
            SandboxOptions.in(directory)
                .withApps(List.of(SandboxApp.apple("own", "org.example.own", "sylk"))));
    assertEquals(200, push(sandbox, "org.example.own", "apple", "ab".repeat(32)));
    await(server.stop());
    server = null;
    await(sandbox.close());
    Sandbox narrow = start(SandboxOptions.in(directory.resolve("narrow")));
    Path applications = narrow.configDirectory().resolve("applications.ini");
    String other = Files.readString(applications).replace("com.example.phone", "org.example.else");
    Files.writeString(applications, other);
    assertEquals(400, push(narrow, "org.example.else", "apple", "ab".repeat(32)));
    await(server.stop());
    server = null;
    await(narrow.close());
    Sandbox wide = start(SandboxOptions.in(directory.resolve("wide")).withAnyApp());
    Files.writeString(
        wide.configDirectory().resolve("applications.ini"),
        Files.readString(wide.configDirectory().resolve("applications.ini"))
            .replace("com.example.phone", "org.example.else"));
    assertEquals(200, push(wide, "org.example.else", "apple", "ab".repeat(32)));
  }

  @Test
  void whatSomebodyHasChangedSurvivesTheNextStartAndGoesOnToFit() throws Exception {
    SandboxOptions options = SandboxOptions.in(directory);
    Sandbox first = start(options);
    Path applications = first.configDirectory().resolve("applications.ini");
    Path general = first.configDirectory().resolve("general.ini");
    String authority = Files.readString(first.caFile());
    assertEquals(List.of(), first.kept());
    await(first.close());
    Files.writeString(applications, Files.readString(applications) + "\n; mine\n");
    String changed = Files.readString(applications);

    Sandbox second =
        start(
            new SandboxOptions(
                directory,
                first.apnsPort(),
                first.fcmPort(),
                0,
                8399,
                0,
                SandboxApp.DEFAULTS,
                true,
                false,
                false,
                SandboxOutput.NONE));
    assertEquals(List.of(applications), second.kept());
    assertEquals(changed, Files.readString(applications));
    assertEquals(authority, Files.readString(second.caFile()));
    assertTrue(Files.readString(general).contains("port = 8399"), "what nobody changed is new");
    Files.writeString(general, Files.readString(general).replace("port = 8399", "port = 0"));
    assertEquals(200, push(second, "com.example.phone", "apple", "ab".repeat(32)));
    assertEquals(200, push(second, "com.example.phone", "firebase", "phone-of-bob"));
  }

  @Test
  void secretsThatCannotBeReadAreMadeAnew() throws Exception {
    await(start(SandboxOptions.in(directory)).close());
    Path secrets = directory.resolve("secrets.json");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)));
    Files.writeString(secrets, "{\"authority\":");
    Sandbox sandbox = start(SandboxOptions.in(directory));
    assertEquals(200, push(sandbox, "com.example.phone", "firebase", "phone-of-bob"));
  }
}
