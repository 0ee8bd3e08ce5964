// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.linphone.LinphoneApplication;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.sandbox.ApnsRules.Refusal;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;
import org.pushserver.sylk.SylkApplication;

class ApnsRulesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final String TOKEN = "ab".repeat(32);
  private static final String BACKGROUND = "{\"aps\":{\"content-available\":1}}";

  private final ApnsRules rules = new ApnsRules("com.example.phone"::equals);

  @Test
  void aGoodCallIsTaken() {
    assertEquals("", reason(headers -> {}));
  }

  @ParameterizedTest
  @CsvSource({
    "apns-topic, com.example.other.voip, TopicDisallowed",
    "apns-topic, '', MissingTopic",
    "apns-topic, com.example.phone, InvalidPushType",
    "apns-push-type, alert, InvalidPushType",
    "apns-push-type, ring, InvalidPushType",
    "apns-priority, 7, BadPriority",
    "apns-priority, ten, BadPriority",
    "apns-priority, 1, ''",
    "apns-priority, 5, ''",
    "apns-expiration, 0, ''",
    "apns-expiration, 120, BadExpirationDate",
    "apns-expiration, -1, BadExpirationDate",
    "apns-expiration, soon, BadExpirationDate",
    "apns-expiration, 1795431599, BadExpirationDate",
    "apns-expiration, 1795431600, ''",
    "apns-expiration, 1795435200, ''",
    "apns-id, 42, BadMessageId",
    "apns-id, 123e4567-e89b-12d3-a456-4266554400a0, ''",
  })
  void aHeaderIsJudgedAsAppleDoes(String name, String value, String reason) {
    assertEquals(reason, reason(headers -> headers.set(name, value)));
  }

  @Test
  void aCollapseIdHasAtMost64Bytes() {
    assertEquals("", reason(headers -> headers.set("apns-collapse-id", "ü".repeat(32))));
    assertEquals(
        "BadCollapseId", reason(headers -> headers.set("apns-collapse-id", "ü".repeat(33))));
  }

  @Test
  void aHeaderMayComeOnceOnly() {
    assertEquals("DuplicateHeaders", reason(headers -> headers.add("apns-priority", "10")));
  }

  @Test
  void aPushWithoutTypeIsTaken() {
    assertEquals("", reason(headers -> headers.remove("apns-push-type")));
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /3/device/, 400, MissingDeviceToken",
    "POST, /3/device/xyz, 400, BadDeviceToken",
    "POST, /3/device/abc, 400, BadDeviceToken",
    "POST, /3/device/ab?x=1, 400, BadDeviceToken",
    "POST, /4/device/ab, 404, BadPath",
    "GET, /3/device/ab, 405, MethodNotAllowed",
  })
  void methodPathAndTokenAreJudged(String method, String path, int status, String reason) {
    assertEquals(
        Optional.of(new Refusal(status, reason)),
        rules.check(request(method, path, voip(), "{}"), request -> Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 400, PayloadEmpty",
    "[], 400, PayloadEmpty",
    "null, 400, PayloadEmpty",
    "'{', 400, PayloadEmpty",
  })
  void aPayloadIsAJsonObject(String body, int status, String reason) {
    assertEquals(Optional.of(new Refusal(status, reason)), check(voip(), body));
  }

  @Test
  void aCallMayHave5120BytesAndAnythingElse4096() {
    assertEquals(Optional.empty(), check(voip(), sized(5120)));
    assertEquals(Optional.of(new Refusal(413, "PayloadTooLarge")), check(voip(), sized(5121)));
    assertEquals(Optional.empty(), check(typed("alert", "10"), sized(4096)));
    assertEquals(
        Optional.of(new Refusal(413, "PayloadTooLarge")), check(typed("alert", "10"), sized(4097)));
  }

  @Test
  void aBackgroundPushHasPriority5() {
    assertEquals(Optional.empty(), check(typed("background", "5"), BACKGROUND));
    assertEquals(
        Optional.of(Refusal.bad("BadPriority")), check(typed("background", "10"), BACKGROUND));
    MultiMap absent = typed("background", "5").remove("apns-priority");
    assertEquals(Optional.of(Refusal.bad("BadPriority")), check(absent, BACKGROUND));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{\"aps\":{}}",
        "{\"aps\":{\"content-available\":\"1\"}}",
        "{\"aps\":{\"content-available\":1,\"sound\":\"x\"}}",
        "{\"aps\":{\"content-available\":1,\"alert\":\"x\"}}",
      })
  void aBackgroundPushWakesAndShowsNothing(String body) {
    assertEquals(
        Optional.of(Refusal.bad("InvalidPushType")), check(typed("background", "5"), body));
  }

  @Test
  void credentialsAreJudgedBeforeTopicAndPayload() {
    Refusal refusal = new Refusal(403, "InvalidProviderToken");
    assertEquals(
        Optional.of(refusal),
        rules.check(
            request("POST", "/3/device/zz", MultiMap.caseInsensitiveMultiMap(), ""),
            request -> Optional.of(refusal)));
  }

  @Test
  void aCallForAPhoneWithoutAVoipTokenIsTakenAsSylkAndLinphoneGetIt() {
    Push call = SamplePush.of(Event.INCOMING_SESSION).withoutVoip().push();
    for (ApplicationType type : List.of(new SylkApplication(), new LinphoneApplication())) {
      Payload payload =
          type.payloadMaker(AppKey.APPLE).orElseThrow().make(call, NOW.toEpochMilli());
      MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(payload.headers());
      assertEquals(Optional.empty(), check(headers, payload.body().toString()));
    }
  }

  private String reason(Consumer<MultiMap> change) {
    MultiMap headers = voip();
    change.accept(headers);
    return check(headers, "{\"call-id\":\"1\"}").map(Refusal::reason).orElse("");
  }

  private Optional<Refusal> check(MultiMap headers, String body) {
    return rules.check(
        request("POST", "/3/device/" + TOKEN, headers, body), request -> Optional.empty());
  }

  private static MultiMap voip() {
    return MultiMap.caseInsensitiveMultiMap()
        .add("apns-topic", "com.example.phone.voip")
        .add("apns-push-type", "voip")
        .add("apns-priority", "10");
  }

  private static MultiMap typed(String type, String priority) {
    return MultiMap.caseInsensitiveMultiMap()
        .add("apns-topic", "com.example.phone")
        .add("apns-push-type", type)
        .add("apns-priority", priority);
  }

  private static String sized(int bytes) {
    return "{\"a\":\"" + "x".repeat(bytes - 8) + "\"}";
  }

  private static Inbound request(String method, String path, MultiMap headers, String body) {
    return new Inbound(NOW, method, path, headers, Buffer.buffer(body), "apns-1", "HTTP_2", false);
  }
}
