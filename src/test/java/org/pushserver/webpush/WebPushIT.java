// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.webpush;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.RunningServer;
import org.pushserver.config.Overrides;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.plugin.PluginLoader;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.PushServiceProvider;

/**
 * What it takes to have one more push service: a package, and a line in META-INF/services. All else
 * it says itself.
 */
class WebPushIT {
  private static final String SECTION =
      """
      [web]
      app_id = com.example.phone
      app_type = sylk
      app_platform = browser
      vapid_key = vapid.pem
      vapid_sbuject = mailto:admin@example.com
      """;

  private static final String REQUEST =
      """
      {"app-id": "com.example.phone", "platform": "%s", "token": "%s", "device-id": "1",
       "event": "incoming_session", "call-id": "c", "media-type": "audio",
       "from": "sip:alice@example.com", "to": "sip:bob@example.com"}
      """;

  @TempDir Path dir;
  @TempDir Path line;

  private final Vertx vertx = Vertx.vertx();

  /** Held: one that nobody holds is closed when its memory is wanted. */
  private final HttpClient client = vertx.createHttpClient();

  private URLClassLoader classPath;
  private PluginLoader loader;

  @BeforeEach
  void addTheLine() throws IOException {
    Path services = Files.createDirectories(line.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(PushServiceProvider.class.getName()), WebPushProvider.class.getName());
    classPath =
        new URLClassLoader(new URL[] {line.toUri().toURL()}, WebPushIT.class.getClassLoader());
    loader = new PluginLoader(classPath);
    Files.createDirectory(dir.resolve("credentials"));
    Files.writeString(dir.resolve("credentials").resolve("vapid.pem"), "a key");
    Files.writeString(dir.resolve("general.ini"), "[server]\nport = 0\n");
    Files.writeString(dir.resolve("applications.ini"), SECTION);
  }

  @AfterEach
  void stop() throws IOException {
    await(vertx.close());
    classPath.close();
  }

  private Settings read() {
    return await(new SettingsReader(vertx, loader).look(Overrides.directory(dir)));
  }

  private static List<String> told(Settings settings) {
    return settings.problems().stream().map(one -> one.key() + ": " + one.message()).toList();
  }

  @Test
  void itsSectionIsReadByAnyOfItsNamesAndASlipInItIsTold() {
    Settings settings = read();
    AppConfig config = settings.applications().get(0);
    assertEquals("webpush", config.key().platform());
    assertEquals(
        List.of("vapid_sbuject: unknown key, ignored; did you mean vapid_subject?"),
        told(settings));
  }

  @Test
  void itIsAmongThoseThatASectionWithoutOneMayName() throws IOException {
    Files.writeString(
        dir.resolve("applications.ini"), "[web]\napp_id = com.example.phone\napp_type = sylk\n");
    assertEquals(
        List.of(
            "app_platform: it is missing; set it to apple, firebase, webpush or a custom push"
                + " service"),
        told(read()));
  }

  @Test
  void itsFileIsWatchedAndAnotherOneMakesTheApplicationAnother() throws IOException {
    Path key = dir.resolve("credentials").resolve("vapid.pem");
    Settings before = read();
    assertTrue(before.watched().contains(key), before.watched()::toString);
    assertTrue(before.files().contains(key), before.files()::toString);
    Files.writeString(key, "another key");
    assertNotEquals(
        before.applications().get(0).fingerprint(), read().applications().get(0).fingerprint());
    Files.delete(key);
    assertTrue(read().watched().contains(key), "it may come again");
  }

  @Test
  void aRequestNamesItByAnyOfItsNames() {
    RunningServer server = await(RunningServer.start(vertx, dir, loader));
    for (String name : List.of("webpush", "browser")) {
      JsonObject answer = push(server, name, "https://push.example.com/1");
      assertEquals(200, answer.getInteger("code"), answer::encode);
      assertEquals("webpush", answer.getJsonObject("data").getString("platform"), answer::encode);
    }
    assertEquals(404, push(server, "ios", "aa").getInteger("code"));
    await(server.stop());
  }

  @Test
  void aTokenThatNoneOfItsDevicesHasIsRefusedInItsWords() {
    RunningServer server = await(RunningServer.start(vertx, dir, loader));
    JsonObject answer = push(server, "browser", "1234");
    assertEquals(400, answer.getInteger("code"));
    assertEquals(
        "Field 'token' must be an https address; wrong at character 1",
        answer.getString("description"));
    await(server.stop());
  }

  @Test
  void aKeyThatItCannotDoWithoutDisablesTheSection() throws IOException {
    Files.writeString(
        dir.resolve("applications.ini"), SECTION.replace("vapid_key = vapid.pem\n", ""));
    RunningServer server = await(RunningServer.start(vertx, dir, loader));
    JsonObject answer = push(server, "browser", "https://push.example.com/1");
    assertEquals(503, answer.getInteger("code"), answer::encode);
    assertTrue(
        answer
            .getString("description")
            .endsWith("vapid_key: is missing; name the file with the key of the server"),
        answer::encode);
    await(server.stop());
  }

  private void writeTemplate(String platform, String json, String settings) throws IOException {
    Files.writeString(dir.resolve("ring.json"), json);
    Files.writeString(
        dir.resolve("applications.ini"),
        """
        [web]
        app_id = com.example.phone
        app_type = template
        app_platform = %s
        payload_template = ring.json
        events = incoming_session
        """
                .formatted(platform)
            + settings);
  }

  @Test
  void aTemplateObeysItsRules() throws IOException {
    String keys = "vapid_key = vapid.pem\nurgency_incoming_session = low\n";
    writeTemplate("webpush", "{\"title\": \"{{caller}}\"}", keys);
    assertEquals(List.of(), told(read()));
    RunningServer server = await(RunningServer.start(vertx, dir, loader));
    JsonObject answer = push(server, "browser", "https://push.example.com/1");
    assertEquals(
        "low",
        answer.getJsonObject("data").getJsonObject("body").getString("urgency"),
        answer::encode);
    await(server.stop());
  }

  @Test
  void aTemplateThatBreaksItsRulesDisablesTheSection() throws IOException {
    writeTemplate("webpush", "{\"a\": 1}", "vapid_key = vapid.pem\n");
    RunningServer server = await(RunningServer.start(vertx, dir, loader));
    JsonObject answer = push(server, "browser", "https://push.example.com/1");
    assertEquals(503, answer.getInteger("code"), answer::encode);
    assertTrue(
        answer
            .getString("description")
            .endsWith("for incoming_session with all fields it lacks a title"),
        answer::encode);
    await(server.stop());
  }

  @Test
  void aKeyForItsTemplatesIsOfNoUseToOthers() throws IOException {
    writeTemplate("apple", "{}", "urgency = low\n");
    assertEquals(List.of("urgency: is not used; it is for webpush only"), told(read()));
  }

  private JsonObject push(RunningServer server, String platform, String token) {
    return await(
        client
            .request(HttpMethod.POST, server.port(), "127.0.0.1", "/push")
            .compose(
                request ->
                    request
                        .send(REQUEST.formatted(platform, token))
                        .compose(response -> response.body()))
            .map(body -> body.toJsonObject()));
  }
}
