// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.RunningServer;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Notification;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxApp;
import org.pushserver.sandbox.SandboxOptions;

/** The Contacts of real apps, from the request to what Apple and Google get. */
@Timeout(60)
class ContactIT {
  @TempDir private static Path directory;

  private static final Vertx vertx = Vertx.vertx();
  private static Sandbox sandbox;
  private static RunningServer server;

  @BeforeAll
  static void start() throws Exception {
    List<SandboxApp> apps =
        List.of(
            SandboxApp.apple("linphone", "org.linphone.phone", "linphone"),
            SandboxApp.apple("door", "org.example.door.dev", "linphone"),
            SandboxApp.apple("sylk", "com.agprojects.sylk-ios", "sylk"),
            SandboxApp.apple("siprix", "com.example.siprixapp", "sylk"),
            SandboxApp.firebase("android", "org.linphone.android", "linphone"));
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory).withApps(apps)));
    Path sections = sandbox.configDirectory().resolve("applications.ini");
    String text = Files.readString(sections);
    assertTrue(text.contains("[android]\n"));
    Path unused =
        Files.writeString(
            sections, text.replace("[android]\n", "[android]\napp_aliases = 929724111839\n"));
    server = await(RunningServer.start(vertx, sandbox.configDirectory()));
  }

  @AfterAll
  static void stop() {
    await(server.stop());
    await(vertx.close());
  }

  private static String contact(String app) throws Exception {
    return Files.readAllLines(Path.of("src/test/resources/contact/contacts.tsv")).stream()
        .filter(line -> line.startsWith(app + "\t"))
        .findFirst()
        .orElseThrow()
        .split("\t", 3)[1];
  }

  private static int ring(String contact) throws Exception {
    JsonObject ring =
        new JsonObject()
            .put("contact", contact)
            .put("call-id", contact)
            .put("from", "sip:alice@example.com")
            .put("to", "sip:bob@example.com")
            .put("event", "incoming_session")
            .put("media-type", "audio");
    URI url = URI.create("http://127.0.0.1:" + server.port() + "/push");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(url)
                .POST(HttpRequest.BodyPublishers.ofString(ring.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .statusCode();
  }

  @ParameterizedTest
  @CsvSource({
    "linphone-ios, AA11BB22CC33, voip, org.linphone.phone.voip",
    "linphone-ios-dev, DD44EE55FF66, alert, org.example.door",
    "linphone-ios-legacy, 00AA11BB22CC33DD, voip, org.linphone.phone.voip",
    "sylk-ios, 6688ff9c, voip, com.agprojects.sylk-ios.voip",
    "siprix, 00aa11bb22cc33ee, voip, com.example.siprixapp.voip"
  })
  void anIphoneRingsOrShowsTheCall(String app, String token, String type, String topic)
      throws Exception {
    long before = sandbox.journal().last();
    assertEquals(200, ring(contact(app)));
    Notification notification = sandbox.journal().list(before).get(0);
    assertEquals("/3/device/" + token, notification.path());
    assertEquals(type, notification.headers().get("apns-push-type"));
    assertEquals(topic, notification.headers().get("apns-topic"));
    assertEquals("10", notification.headers().get("apns-priority"));
  }

  @ParameterizedTest
  @CsvSource({
    "linphone-android, cXf3aBcDeFg:APA91bExampleToken_0-1",
    "linphone-android-legacy, APA91bExampleToken2"
  })
  void anAndroidPhoneIsFoundByItsProject(String app, String token) throws Exception {
    long before = sandbox.journal().last();
    assertEquals(200, ring(contact(app)));
    JsonObject body = new JsonObject(sandbox.journal().list(before).get(0).body());
    assertEquals(token, body.getJsonObject("message").getString("token"));
  }

  @ParameterizedTest
  @CsvSource({"groundwire, 404", "rfc8599-webpush, 400"})
  void whoCannotBeReachedIsToldSo(String app, int status) throws Exception {
    assertEquals(status, ring(contact(app)));
  }
}
