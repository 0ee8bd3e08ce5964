// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.sandbox.Fault.Kind;

/** The sandbox as strangers see it: pushy's client for APNs, the JDK's for FCM and control. */
@Timeout(60)
class SandboxIT {
  private static final String TOKEN = SandboxCaller.TOKEN;
  private static final String TOPIC = SandboxCaller.TOPIC;
  private static final int END_S = 30;

  /** Threads of its own would keep each client waiting for two seconds when it is closed. */
  @SuppressWarnings("deprecation") // The only kind that pushy knows.
  private static final EventLoopGroup pushysThreads = new NioEventLoopGroup(1);

  @TempDir private Path directory;

  @RegisterExtension private final SandboxFixture fixture = new SandboxFixture(() -> directory);

  private final List<ApnsClient> clients = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (ApnsClient client : clients) {
      await(client.close());
    }
  }

  @AfterAll
  static void ends() throws Exception {
    pushysThreads.shutdownGracefully(0, END_S, TimeUnit.SECONDS).get(END_S, TimeUnit.SECONDS);
  }

  @Test
  void aCallIsAcceptedAndWrittenDown() throws Exception {
    PushNotificationResponse<SimpleApnsPushNotification> response = push(apns(), TOKEN, TOPIC);
    assertTrue(response.isAccepted());
    Notification notification = fixture.sandbox.journal().list().get(0);
    assertEquals("/3/device/" + TOKEN, notification.path());
    assertEquals("HTTP_2", notification.httpVersion());
    assertEquals("bearer …", notification.headers().get("authorization"));
    assertEquals("{\"call-id\":\"1\"}", notification.body());
    assertNotNull(response.getApnsId());
  }

  @Test
  void aDeadTokenIs410WithATime() throws Exception {
    PushNotificationResponse<SimpleApnsPushNotification> response =
        push(apns(), "dead" + TOKEN.substring(4), TOPIC);
    assertEquals(Optional.of("Unregistered"), response.getRejectionReason());
    assertTrue(response.getTokenInvalidationTimestamp().isPresent());
  }

  @Test
  void aTopicOfAnotherApplicationIsRefused() throws Exception {
    assertEquals(
        Optional.of("TopicDisallowed"),
        push(apns(), TOKEN, "com.example.other.voip").getRejectionReason());
  }

  @Test
  void aTokenSignedWithAnotherKeyIsRefused() throws Exception {
    ApnsSigningKey stranger =
        new ApnsSigningKey(
            SandboxKeys.KEY_ID, SandboxKeys.TEAM_ID, (ECPrivateKey) Identity.p256().getPrivate());
    assertEquals(
        Optional.of("InvalidProviderToken"),
        push(apns(stranger), TOKEN, TOPIC).getRejectionReason());
  }

  @Test
  void aTokenOlderThanAnHourIsExpired() throws Exception {
    HttpResponse<String> fresh = apnsRaw(Duration.ofMinutes(50));
    assertEquals(200, fresh.statusCode());
    assertTrue(fresh.headers().firstValue("apns-id").isPresent());
    HttpResponse<String> old = apnsRaw(Duration.ofMinutes(61));
    assertEquals(403, old.statusCode());
    assertEquals("{\"reason\":\"ExpiredProviderToken\"}", old.body());
    HttpResponse<String> none = fixture.caller.apns(null);
    assertEquals("{\"reason\":\"MissingProviderToken\"}", none.body());
  }

  @Test
  void aClientCertificateNeedsNoToken() throws Exception {
    Path pem = fixture.sandbox.configDirectory().resolve("credentials/apns-client.pem");
    HttpClient client = fixture.caller.client(pem, HttpClient.Version.HTTP_2);
    assertEquals(
        200,
        client
            .send(fixture.caller.apnsRequest(null), HttpResponse.BodyHandlers.ofString())
            .statusCode());
  }

  @Test
  void onlyHttp2IsSpokenAtApns() throws Exception {
    HttpClient old = fixture.caller.client(null, HttpClient.Version.HTTP_1_1);
    assertThrows(
        IOException.class,
        () -> old.send(fixture.caller.apnsRequest(null), HttpResponse.BodyHandlers.ofString()));
  }

  @Test
  void oneConnectionServesAll() throws Exception {
    ApnsClient client = apns();
    for (int i = 0; i < 20; i++) {
      assertTrue(push(client, TOKEN, TOPIC).isAccepted());
    }
    assertEquals(
        List.of("apns-1"),
        fixture.sandbox.journal().list().stream()
            .map(Notification::connection)
            .distinct()
            .toList());
  }

  @Test
  void goAwayIsFollowedByAnotherConnection() throws Exception {
    ApnsClient client = apns();
    assertTrue(push(client, "bade" + TOKEN.substring(4), TOPIC).isAccepted());
    assertTrue(push(client, TOKEN, TOPIC).isAccepted());
    assertEquals(
        List.of("apns-1", "apns-2"),
        fixture.sandbox.journal().list().stream()
            .map(Notification::connection)
            .distinct()
            .toList());
  }

  @Test
  void aDroppedPushHasNoAnswer() throws Exception {
    ApnsClient client = apns();
    String token = "1057" + TOKEN.substring(4);
    assertThrows(CompletionException.class, () -> push(client, token, TOPIC));
    assertTrue(push(client, token, TOPIC).isAccepted());
    assertEquals(
        List.of("dropped", ""),
        fixture.sandbox.journal().list().stream().map(Notification::reason).toList());
  }

  @Test
  void aRefusedStreamIsSentAgainByPushy() throws Exception {
    fixture.sandbox.faults().add(Fault.of(Kind.REFUSE).times(1));
    assertTrue(push(apns(), TOKEN, TOPIC).isAccepted());
    assertEquals(
        List.of("refused", ""),
        fixture.sandbox.journal().list().stream().map(Notification::reason).toList());
  }

  @Test
  void aServiceThatIsDownTakesNoConnection() throws Exception {
    fixture.sandbox.faults().add(Fault.of(Kind.DOWN).at(Service.APNS));
    assertThrows(IOException.class, () -> apnsRaw(Duration.ZERO));
    fixture.sandbox.faults().clear();
    assertEquals(200, apnsRaw(Duration.ZERO).statusCode());
  }

  @Test
  void fcmTakesAMessageWithATokenFromOauth() throws Exception {
    HttpResponse<String> response = fixture.caller.fcm(fixture.caller.accessToken(), message("t"));
    assertEquals(200, response.statusCode());
    assertEquals(HttpClient.Version.HTTP_2, response.version());
    assertEquals(
        "projects/pushserver-sandbox/messages/1",
        new JsonObject(response.body()).getString("name"));
  }

  @Test
  void fcmRefusesAnUnknownAccessToken() throws Exception {
    HttpResponse<String> response = fixture.caller.fcm("made-up", message("t"));
    assertEquals(401, response.statusCode());
    JsonObject error = new JsonObject(response.body()).getJsonObject("error");
    assertEquals("UNAUTHENTICATED", error.getString("status"));
    assertFalse(error.containsKey("details"));
  }

  @Test
  void fcmSaysUnregisteredForADeadToken() throws Exception {
    HttpResponse<String> response =
        fixture.caller.fcm(fixture.caller.accessToken(), message("dead-1"));
    assertEquals(404, response.statusCode());
    assertEquals("UNREGISTERED", detail(response).getString("errorCode"));
  }

  @Test
  void fcmNamesTheWrongField() throws Exception {
    JsonObject message = message("t");
    message.getJsonObject("message").put("data", new JsonObject().put("badge", 1));
    HttpResponse<String> response = fixture.caller.fcm(fixture.caller.accessToken(), message);
    assertEquals(400, response.statusCode());
    JsonArray fields = detail(response).getJsonArray("fieldViolations");
    assertEquals("message.data[0].value", fields.getJsonObject(0).getString("field"));
  }

  @Test
  void fcmIsBusyOnceAndSaysHowLong() throws Exception {
    String access = fixture.caller.accessToken();
    HttpResponse<String> busy = fixture.caller.fcm(access, message("busy-1"));
    assertEquals(429, busy.statusCode());
    assertEquals(Optional.of("1"), busy.headers().firstValue("retry-after"));
    assertEquals("QUOTA_EXCEEDED", detail(busy).getString("errorCode"));
    assertEquals(200, fixture.caller.fcm(access, message("busy-1")).statusCode());
  }

  @Test
  void oauthRefusesAnAssertionThatIsNotOurs() throws Exception {
    Instant now = Instant.now();
    Instant soon = now.plusSeconds(3600);
    String account = SandboxKeys.ACCOUNT;
    String scope = SandboxCaller.SCOPE;
    String uri = OauthStandIn.uri(fixture.sandbox.fcmPort());
    List<String> wrong =
        List.of(
            fixture.caller.assertion(account, "https://127.0.0.1:1/token", scope, now, soon),
            fixture.caller.assertion("stranger", uri, scope, now, soon),
            fixture.caller.assertion(account, uri, "email", now, soon),
            fixture.caller.assertion(
                account, uri, scope, now.minusSeconds(3601), now.minusSeconds(1)),
            fixture.caller.assertion(account, uri, scope, now, now.plusSeconds(7200)),
            "nonsense");
    for (String assertion : wrong) {
      HttpResponse<String> response = fixture.caller.oauth(assertion);
      assertEquals(400, response.statusCode(), response.body());
      assertEquals("invalid_grant", new JsonObject(response.body()).getString("error"));
    }
  }

  @Test
  void theControlApiListsClearsAndWaits() throws Exception {
    assertTrue(push(apns(), TOKEN, TOPIC).isAccepted());
    JsonObject list = new JsonObject(fixture.caller.control("GET", "/notifications", "").body());
    assertEquals(1, list.getInteger("total"));
    JsonObject entry = list.getJsonArray("notifications").getJsonObject(0);
    assertEquals("1", entry.getJsonObject("body").getString("call-id"));
    assertEquals(200, entry.getJsonObject("answer").getInteger("status"));
    assertTrue(entry.getString("phone").startsWith("gets "), entry::encode);

    assertEquals(200, fixture.caller.control("DELETE", "/notifications", "").statusCode());
    assertEquals(
        204,
        fixture.caller.control("GET", "/notifications/next?after=1&timeout=0", "").statusCode());
    CompletableFuture<HttpResponse<String>> next =
        fixture.caller.controlAsync("/notifications/next?after=1&timeout=20");
    assertTrue(push(apns(), TOKEN, TOPIC).isAccepted());
    assertEquals(2, new JsonObject(await(next).body()).getInteger("seq"));
  }

  @Test
  void theControlApiSetsFaults() throws Exception {
    String fault =
        "{\"fault\":\"answer\",\"service\":\"apns\",\"status\":429,\"retryAfter\":7,\"times\":1}";
    assertEquals(200, fixture.caller.control("POST", "/faults", fault).statusCode());
    HttpResponse<String> busy = apnsRaw(Duration.ZERO);
    assertEquals(429, busy.statusCode());
    assertEquals(Optional.of("7"), busy.headers().firstValue("retry-after"));
    assertEquals(200, apnsRaw(Duration.ZERO).statusCode());
    assertEquals(400, fixture.caller.control("POST", "/faults", "{\"fault\":\"x\"}").statusCode());
    assertEquals(400, fixture.caller.control("POST", "/faults", "").statusCode());
    assertEquals(404, fixture.caller.control("GET", "/nothing", "").statusCode());
    assertEquals(400, fixture.caller.control("GET", "/notifications?after=x", "").statusCode());
  }

  @Test
  void secretsAreForThisUserOnly() throws Exception {
    Path config = fixture.sandbox.configDirectory();
    for (String name :
        List.of(
            "applications.ini",
            "credentials/apns.p8",
            "credentials/apns-client.pem",
            "credentials/firebase.json")) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(config.resolve(name))));
    }
    assertTrue(
        Files.readString(config.resolve("applications.ini"))
            .contains("apple_push_url = 127.0.0.1:" + fixture.sandbox.apnsPort()));
  }

  @Test
  void aConfigurationOfSomebodyElseIsNotOverwritten(@TempDir Path other) throws Exception {
    Path general = Files.createDirectory(other.resolve("config")).resolve("general.ini");
    Files.writeString(general, "[server]\n");
    assertNotNull(failure(Sandbox.start(fixture.vertx, SandboxOptions.in(other))));
    assertEquals("[server]\n", Files.readString(general));
  }

  private ApnsClient apns() throws Exception {
    File key = fixture.sandbox.configDirectory().resolve("credentials/apns.p8").toFile();
    return apns(ApnsSigningKey.loadFromPkcs8File(key, SandboxKeys.TEAM_ID, SandboxKeys.KEY_ID));
  }

  private ApnsClient apns(ApnsSigningKey key) throws Exception {
    ApnsClient client =
        new ApnsClientBuilder()
            .setEventLoopGroup(pushysThreads)
            .setApnsServer("127.0.0.1", fixture.sandbox.apnsPort())
            .setTrustedServerCertificateChain(fixture.sandbox.caFile().toFile())
            .setUseAlpn(true)
            .setSigningKey(key)
            .build();
    clients.add(client);
    return client;
  }

  private static PushNotificationResponse<SimpleApnsPushNotification> push(
      ApnsClient client, String token, String topic) throws Exception {
    return await(
        client.sendNotification(
            new SimpleApnsPushNotification(
                token,
                topic,
                "{\"call-id\":\"1\"}",
                Instant.now().plusSeconds(60),
                DeliveryPriority.IMMEDIATE,
                PushType.VOIP)));
  }

  private HttpResponse<String> apnsRaw(Duration tokenAge) throws Exception {
    return fixture.caller.apns(fixture.caller.providerToken(tokenAge));
  }

  private static JsonObject message(String token) {
    return new JsonObject().put("message", new JsonObject().put("token", token));
  }

  private static JsonObject detail(HttpResponse<String> response) {
    return new JsonObject(response.body())
        .getJsonObject("error")
        .getJsonArray("details")
        .getJsonObject(0);
  }
}
