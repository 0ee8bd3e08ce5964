// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.RunningServer;
import org.pushserver.config.KeyHash;
import org.pushserver.fake.LogTrail;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** What a phone, or a PBX for it, says of a push: matched, kept, counted, and answered. */
@Timeout(60)
class AckIT {
  private static final String CALL = "4711@pbx.example.com";

  @TempDir private Path directory;

  @RegisterExtension
  private final LogTrail log = new LogTrail("org.pushserver", ch.qos.logback.classic.Level.INFO);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private Sandbox sandbox;
  private RunningServer server;

  @BeforeEach
  void open() {
    sandbox = await(Sandbox.start(vertx, SandboxOptions.in(directory)));
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private void start(String... lines) throws Exception {
    Files.writeString(
        sandbox.configDirectory().resolve("general.ini"),
        "[server]\nport = 0\n" + String.join("\n", lines) + "\n");
    server = await(RunningServer.start(vertx, sandbox.configDirectory(), Duration.ofHours(1)));
  }

  private String key(String name, String applications, String rights) throws Exception {
    String key = KeyHash.newKey();
    String hash = HexFormat.of().formatHex(new KeyHash().of(key));
    Path keys = sandbox.configDirectory().resolve("keys");
    String before = Files.exists(keys) ? Files.readString(keys) : "";
    Files.writeString(keys, before + name + " " + hash + " " + applications + " " + rights + "\n");
    return key;
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private void ring(String callId, String device, String... headers) throws Exception {
    JsonObject request =
        new JsonObject()
            .put("app-id", "com.example.phone")
            .put("platform", "firebase")
            .put("token", "token-of-" + device)
            .put("device-id", device)
            .put("event", "incoming_session")
            .put("call-id", callId)
            .put("media-type", "audio")
            .put("from", "sip:alice@example.com")
            .put("to", "sip:bob@example.com");
    HttpResponse<String> answer = post("/push", request.encode(), headers);
    assertEquals(200, answer.statusCode(), answer::body);
  }

  @CanIgnoreReturnValue
  private JsonObject ack(int status, JsonObject ack, String... headers) throws Exception {
    HttpResponse<String> answer = post("/v3/acks", ack.encode(), headers);
    String type = answer.headers().firstValue("content-type").orElse("");
    ApiContract.assertMayAnswer("acknowledge", answer.statusCode(), type, answer.body());
    assertEquals(status, answer.statusCode(), answer::body);
    return new JsonObject(answer.body());
  }

  private static JsonObject ofCall(String callId) {
    return new JsonObject().put("call-id", callId);
  }

  private String metrics() throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static JsonObject data(JsonObject answer) {
    return answer.getJsonObject("data");
  }

  @Test
  void itIsMatchedByCallIdAndThenByItsIdAndSaysHowLongThePhoneTook() throws Exception {
    start("acks = yes");
    ring(CALL, "phone-1");
    JsonObject first = ack(200, ofCall(CALL));
    assertEquals("acknowledged", first.getString("description"));
    JsonObject push = data(first);
    assertEquals("phone-1", push.getString("device-id"));
    assertEquals("com.example.phone", push.getString("app-id"));
    assertTrue(push.getLong("woken-ms") >= 0);
    assertFalse(push.containsKey("displayed-at"));

    JsonObject again = ack(200, new JsonObject().put("id", push.getString("id")));
    assertEquals("known already", again.getString("description"));
    JsonObject shown =
        ack(200, new JsonObject().put("id", push.getString("id")).put("displayed-at", "now"));
    assertEquals("acknowledged", shown.getString("description"));
    assertTrue(data(shown).getLong("displayed-ms") >= push.getLong("woken-ms"));

    String line = "woken call-id=" + CALL + " app=com.example.phone platform=firebase";
    assertTrue(log.lines().stream().anyMatch(one -> one.startsWith(line)), log.lines()::toString);
    String metrics = metrics();
    String labels = "{application=\"com.example.phone\",platform=\"firebase\"}";
    assertTrue(metrics.contains("pushserver_wake_seconds_count" + labels + " 1"), metrics);
    assertTrue(metrics.contains("pushserver_display_seconds_count" + labels + " 1"), metrics);
    assertTrue(metrics.contains("pushserver_acks_total{result=\"matched\"} 2"), metrics);
    assertTrue(metrics.contains("pushserver_acks_total{result=\"repeated\"} 1"), metrics);
  }

  @Test
  void ofSeveralPhonesOfACallTheDeviceIdSaysWhich() throws Exception {
    start("acks = yes");
    ring(CALL, "phone-1");
    ring(CALL, "phone-2");
    assertEquals(
        "Field 'device-id', 'contact' or 'token' required: 2 phones were pushed for this call-id",
        ack(400, ofCall(CALL)).getString("description"));
    JsonObject second = ack(200, ofCall(CALL).put("device-id", "\"<urn:uuid:PHONE-2>\""));
    assertEquals("phone-2", data(second).getString("device-id"));
    ack(404, ofCall(CALL).put("device-id", "phone-3"));
    JsonObject first = ack(200, ofCall(CALL).put("token", "token-of-phone-1"));
    assertEquals("phone-1", data(first).getString("device-id"));
    String contact =
        "<sip:bob@192.0.2.7;pn-provider=fcm;pn-param=com.example.phone;pn-prid=token-of-phone-1>";
    JsonObject again = ack(200, ofCall(CALL).put("contact", contact));
    assertEquals("known already", again.getString("description"));
    ack(400, ofCall(CALL).put("contact", "<sip:bob@192.0.2.7>"));
  }

  @Test
  void aTimeThatCannotBeIsTakenAsNowAndTheAnswerSaysSo() throws Exception {
    start("acks = yes");
    ring(CALL, "phone-1");
    long before = System.currentTimeMillis();
    JsonObject told =
        data(
            ack(
                200,
                ofCall(CALL)
                    .put("woken-at", "2021-01-01T00:00:00+01:00")
                    .put("displayed-at", before + 3_600_000)));
    assertFalse(Instant.parse(told.getString("woken-at")).isBefore(Instant.ofEpochMilli(before)));
    JsonArray corrected = told.getJsonArray("corrected");
    assertEquals(2, corrected.size());
    assertTrue(corrected.getString(0).startsWith("woken-at is "), corrected::encode);
    assertTrue(corrected.getString(1).contains("in the future"), corrected::encode);
  }

  @Test
  void whatIsWrongIsRefusedByItsName() throws Exception {
    start("acks = yes");
    assertEquals(
        "Field 'id' or 'call-id' required", ack(400, new JsonObject()).getString("description"));
    for (String field : List.of("woken-at", "displayed-at")) {
      for (Object wrong : List.of("yesterday", 1_796_000_000, "2026-11-30T10:15:30", true)) {
        String words = ack(400, ofCall(CALL).put(field, wrong)).getString("description");
        assertTrue(words.startsWith("Field '" + field + "' must be"), words);
      }
    }
    assertTrue(
        ack(400, new JsonObject().put("id", "1-2-3-4-5"))
            .getString("description")
            .startsWith("Field 'id' must be"));
    assertEquals(404, ack(404, ofCall("nobody")).getInteger("code"));
  }

  @Test
  void severalAtOnceHaveAnAnswerEach() throws Exception {
    start("acks = yes");
    ring(CALL, "phone-1");
    JsonArray acks =
        new JsonArray()
            .add(ofCall(CALL))
            .add(ofCall("nobody"))
            .add(new JsonObject().put("woken-at", "now"))
            .add(ofCall(CALL));
    JsonObject answer = ack(200, new JsonObject().put("acks", acks));
    assertEquals("2 of 4 acknowledged", answer.getString("description"));
    JsonArray told = data(answer).getJsonArray("acks");
    List<Integer> codes = told.stream().map(one -> ((JsonObject) one).getInteger("code")).toList();
    assertEquals(List.of(200, 404, 400, 200), codes);
    assertEquals("known already", told.getJsonObject(3).getString("description"));
    JsonArray tooMany = new JsonArray();
    for (int i = 0; i < 101; i++) {
      tooMany.add(ofCall(CALL));
    }
    ack(400, new JsonObject().put("acks", tooMany));
  }

  @Test
  void aFormDoesAndIsAnsweredAsOneIfItAsks() throws Exception {
    start("acks = yes");
    ring(CALL, "phone-1");
    HttpResponse<String> answer = post("/v3/acks", "call_id=" + CALL + "&answer=form");
    assertEquals(200, answer.statusCode(), answer::body);
    assertTrue(answer.body().matches("code=200&id=[-0-9a-f]{36}&description=acknowledged"));
  }

  @Test
  void aKeySpeaksOfItsApplicationsAloneAndNeedsTheRight() throws Exception {
    String sender = key("pbx", "*", "push");
    String phone = key("phone", "com.example.phone", "acks");
    String other = key("other", "com.example.other", "acks");
    start("acks = yes", "api_keys = keys");
    ring(CALL, "phone-1", "x-api-key", sender);
    ack(401, ofCall(CALL));
    ack(403, ofCall(CALL), "x-api-key", sender);
    JsonObject unknown = ack(404, ofCall("nobody"), "x-api-key", other);
    assertEquals(unknown, ack(404, ofCall(CALL), "x-api-key", other));
    ack(200, ofCall(CALL), "x-api-key", phone);
    assertEquals(403, post("/push", "{}", "x-api-key", phone).statusCode());
  }

  @Test
  void anAppFindsInItsPayloadWhatItSaysItWokeUpFor() throws Exception {
    Path applications = sandbox.configDirectory().resolve("applications.ini");
    Files.writeString(
        applications,
        Files.readString(applications)
            .replaceAll("(?m)^(app_platform *=.*)$", "$1\npayload_id = yes"));
    start("acks = yes");
    ring(CALL, "phone-1");
    JsonObject data =
        new JsonObject(sandbox.journal().list().get(0).body())
            .getJsonObject("message")
            .getJsonObject("data");
    assertTrue(Long.parseLong(data.getString("expires-at")) > System.currentTimeMillis());
    JsonObject told = ack(200, new JsonObject().put("id", data.getString("push-id")));
    assertEquals(CALL, data(told).getString("call-id"));
  }

  @Test
  void aRingOfWhosePhoneNothingIsHeardIsPushedOnceMoreWithTheSameIdAndTheOtherIsNot()
      throws Exception {
    start("acks = yes", "[delivery]", "repeat_without_ack = 0.5");
    ring("heard", "phone-1");
    ack(200, ofCall("heard"));
    ring("silent", "phone-2");
    ring("over", "phone-3");
    HttpResponse<String> over = post("/push", "event=cancel&call-id=over");
    assertEquals(200, over.statusCode(), over::body);
    String unused = log.untilLogged("repeated call-id=silent");
    assertEquals(0, log.count("repeated call-id=heard"));
    ring("later", "phone-4");
    unused = log.untilLogged("repeated call-id=later");
    assertEquals(1, log.count("repeated call-id=silent"));
    assertEquals(0, log.count("repeated call-id=over"));
  }

  @Test
  void theEventBusTakesTheSame() throws Exception {
    start("acks = yes");
    ring(CALL, "phone-1");
    JsonObject reply =
        await(
            vertx
                .eventBus()
                .<JsonObject>request("pushserver.acks", ofCall(CALL))
                .map(message -> message.body()));
    assertEquals(200, reply.getInteger("code"), reply::encode);
    assertEquals("phone-1", data(reply).getString("device-id"));
    JsonObject unknown =
        await(
            vertx
                .eventBus()
                .<JsonObject>request("pushserver.acks", ofCall("nobody"))
                .map(message -> message.body()));
    assertEquals(404, unknown.getInteger("code"));
  }

  @Test
  void itIsOffUnlessItIsTurnedOn() throws Exception {
    start();
    ring(CALL, "phone-1");
    assertTrue(ack(404, ofCall(CALL)).getString("description").contains("set acks = yes"));
    assertFalse(metrics().contains("pushserver_acks"));
  }
}
