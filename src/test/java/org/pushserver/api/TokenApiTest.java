// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.config.ApiKey;
import org.pushserver.config.Right;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTokenStore;
import org.pushserver.observe.RequestMeters.Refused;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.tokens.DeviceAsker;
import org.pushserver.tokens.StoredToken;

/** Version 2 of the API: devices of an account, which registered once. */
class TokenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BOB = "bob@example.com";
  private static final String PHONE = "com.example.phone";
  private static final String UUID = "7f3c0b52-9a41-4c1e-8f10-2b6a90c4e75a";
  private static final String CALL =
      "{\"event\":\"incoming_session\",\"call-id\":\"c1\",\"from\":\"sip:alice@example.com\","
          + "\"to\":\"sip:bob@example.com\",\"media-type\":\"audio\"}";
  private static final String CANCEL =
      "{\"event\":\"cancel\",\"call-id\":\"c1\",\"from\":\"a\",\"to\":\"b\"}";

  private final ScriptedDispatcher dispatcher = ScriptedDispatcher.withSamples();
  private final ManualTime time = new ManualTime();
  private final MemoryTokenStore store = new MemoryTokenStore();
  private final ApiParts parts = ApiParts.of(dispatcher, time).with(store);
  private final TokenApi api = new TokenApi(parts, new PushApi(dispatcher, time));

  private static AskedPush asked(String body) {
    return new AskedPush(body);
  }

  private static AskedPush notWaiting(String body) {
    return new AskedPush(body, SampleRequest.CALLER, false);
  }

  @CanIgnoreReturnValue
  private static ApiResponse ended(Future<ApiResponse> answer) {
    assertTrue(answer.isComplete());
    if (answer.failed()) {
      throw assertInstanceOf(RequestRefused.class, answer.cause());
    }
    return answer.result();
  }

  private static JsonNode json(ApiResponse answer) throws IOException {
    return JSON.readTree(answer.body().getBytes());
  }

  private static String registration(String more) {
    return "{\"app-id\":\"com.example.phone\",\"platform\":\"ios\",\"token\":\"AA11-BB22\","
        + "\"device-id\":\"<urn:uuid:"
        + UUID
        + ">\""
        + more
        + "}";
  }

  @CanIgnoreReturnValue
  private JsonNode add(String account, String body) throws IOException {
    ApiResponse answer = ended(api.add(account, asked(body)));
    assertEquals(200, answer.status());
    return json(answer);
  }

  private void add(String appId, String platform, String token, String deviceId)
      throws IOException {
    add(
        BOB,
        JSON.writeValueAsString(
            Map.of("app-id", appId, "platform", platform, "token", token, "device-id", deviceId)));
  }

  private RequestRefused refusal(String body) {
    return assertThrows(RequestRefused.class, () -> ended(api.add(BOB, asked(body))));
  }

  @CanIgnoreReturnValue
  private JsonNode push(String body) throws IOException {
    ApiResponse answer = ended(api.push(BOB, null, asked(body)));
    JsonNode json = json(answer);
    assertEquals(answer.status(), json.path("code").intValue());
    return json;
  }

  /** Ends the pushes to these tokens with these statuses. */
  private void answerWith(Map<String, Integer> statuses) {
    dispatcher.deliverWith(
        push -> {
          int status = statuses.getOrDefault(push.device().token(), 200);
          Outcome.Result result =
              status == 200
                  ? Outcome.Result.DELIVERED
                  : status == 410 ? Outcome.Result.DEAD_TOKEN : Outcome.Result.REFUSED;
          return Future.succeededFuture(
              new Outcome(result, new Response(status, "Reason" + status, "https://x", "{}"), 1));
        });
  }

  private List<String> pushedTokens() {
    return dispatcher.pushes().stream().map(push -> push.device().token()).toList();
  }

  @Test
  void whatIsStoredIsEchoed() throws IOException {
    assertEquals(
        JSON.readTree(
            """
            {"app-id":"com.example.phone","platform":"apple","token":"AA11",
             "device-id":"7f3c0b52-9a41-4c1e-8f10-2b6a90c4e75a","silent":true,
             "user-agent":"Voice/3.2"}
            """),
        add(BOB, registration(",\"silent\":\"1\",\"user-agent\":\"Voice/3.2\"")));
    assertEquals(
        List.of(
            new StoredToken(
                BOB,
                new AppKey(PHONE, AppKey.APPLE),
                UUID,
                "AA11",
                "BB22",
                true,
                "Voice/3.2",
                time.now(),
                time.now())),
        store.stored());
  }

  @Test
  void whoDoesNotWaitIsAnsweredTheSameWhenItIsStored() throws IOException {
    ApiResponse answer = ended(api.add(BOB, notWaiting(registration(""))));
    assertEquals(200, answer.status());
    assertEquals(UUID, json(answer).path("device-id").textValue());
  }

  @Test
  void namesMayHaveUnderscores() throws IOException {
    JsonNode told =
        add(
            BOB,
            "{\"app_id\":\"com.example.phone\",\"platform\":\"fcm\",\"token\":\"a-b\","
                + "\"device_id\":\"d\",\"user_agent\":\"x\"}");
    assertEquals("x", told.path("user-agent").textValue());
    assertEquals("firebase", told.path("platform").textValue());
    assertEquals("a-b", told.path("token").textValue());
  }

  @Test
  void aUserAgentIsNullAndSilentIsTrueUnlessSaid() throws IOException {
    JsonNode told = add(BOB, registration(""));
    assertTrue(told.path("user-agent").isNull());
    assertTrue(told.path("silent").booleanValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "off", "f", "n", "no", "False"})
  void silentIsTakenInManySpellings(String no) throws IOException {
    assertFalse(add(BOB, registration(",\"silent\":\"" + no + "\"")).path("silent").booleanValue());
  }

  @Test
  void silentMayBeANumberOrABool() throws IOException {
    assertFalse(add(BOB, registration(",\"silent\":0")).path("silent").booleanValue());
    assertTrue(add(BOB, registration(",\"silent\":1")).path("silent").booleanValue());
    assertFalse(add(BOB, registration(",\"silent\":false")).path("silent").booleanValue());
    assertEquals(400, refusal(registration(",\"silent\":\"perhaps\"")).status());
  }

  @ParameterizedTest
  @CsvSource({
    "ios, apple",
    "apns, apple",
    "apple, apple",
    "android, firebase",
    "fcm, firebase",
    "firebase, firebase"
  })
  void platformsAreStoredByTheirMainName(String sent, String stored) throws IOException {
    add(PHONE, sent, "ab12", "d1");
    assertEquals(stored, store.stored().get(0).app().platform());
  }

  @Test
  void aCustomPushServiceStoresItsTokensAsTheyAre() throws IOException {
    add("com.example.other", "pigeon", "left-right#3", "d1");
    StoredToken stored = store.stored().get(0);
    assertEquals("pigeon", stored.app().platform());
    assertEquals("left-right#3", stored.token());
    assertNull(stored.background());
  }

  @ParameterizedTest
  @CsvSource({
    "AA11, AA11,",
    "AA11-BB22, AA11, BB22",
    "AA11-AA11, AA11,",
    "AA11-BB22-CC33, AA11, BB22-CC33",
    "voiptoken-bgtoken-rest, voiptoken, bgtoken-rest",
    "tok2, tok2,",
    "AA11-, AA11,",
    "-BB22, BB22, BB22",
    "AA11:voip&BB22:remote, AA11, BB22"
  })
  void anAppleTokenIsSplitAtItsFirstDash(String sent, String main, String background)
      throws IOException {
    add(PHONE, "apple", sent, "d1");
    StoredToken stored = store.stored().get(0);
    assertEquals(main, stored.token());
    assertEquals(background, stored.background());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "a/b", "..", "a b", "a%2Fb", "cXf3:APA91b", "ä"})
  void whatCannotBeAnAppleTokenIsRefused(String token) {
    RequestRefused refusal =
        refusal(registration("").replace("AA11-BB22", token).replace("\"user-agent\"", "\"x\""));
    assertEquals(400, refusal.status());
    assertTrue(refusal.description().contains("token"), refusal.description());
  }

  @ParameterizedTest
  @CsvSource({
    "<urn:uuid:7f3c0b52>, 7f3c0b52",
    "urn:uuid:7f3c0b52, 7f3c0b52",
    "7f3c0b52, 7f3c0b52",
    "devA, devA",
    "dd11aabb-000d, dd11aabb-000d"
  })
  void onlyThePrefixIsTakenOffADeviceId(String sent, String stored) throws IOException {
    add(PHONE, "apple", "AA11", sent);
    assertEquals(stored, store.stored().get(0).deviceId());
  }

  @Test
  void fieldsAreCheckedInTheOrderOfTheContract() {
    assertEquals("Field 'app-id' required", refusal("{}").description());
    assertEquals("Field 'platform' required", refusal("{\"app-id\":\"x\"}").description());
    RequestRefused platform = refusal("{\"app-id\":\"x\",\"platform\":\"windows\"}");
    assertEquals(404, platform.status());
    assertEquals("Platform 'windows' is not configured", platform.description());
    RequestRefused application = refusal("{\"app-id\":\"x\",\"platform\":\"apple\"}");
    assertEquals(404, application.status());
    String known = "{\"app-id\":\"com.example.phone\",\"platform\":\"apple\"";
    assertEquals("field required: token", refusal(known + ",\"device-id\":\"d\"}").description());
    assertEquals("field required: device-id", refusal(known + ",\"token\":\"t\"}").description());
    assertEquals(
        "field required: device-id",
        refusal(known + ",\"token\":\"t\",\"device-id\":\"<urn:uuid:>\"}").description());
    assertEquals("field required: token, device-id", refusal(known + "}").description());
    assertEquals(List.of(), store.stored());
  }

  @Test
  void aRefusalHasTheShapeOfAPushs() throws IOException {
    RequestRefused refusal = refusal("{\"platform\":\"ios\"}");
    assertEquals(
        JSON.readTree("{\"code\":400,\"description\":\"Field 'app-id' required\",\"data\":\"\"}"),
        json(ApiResponse.refused(refusal, false)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "[]", "null", "{", "{\"app-id\":\"a\",\"app_id\":\"b\"}"})
  void whatIsNoObjectOfJsonIsRefused(String body) {
    assertEquals(400, refusal(body).status());
    assertEquals(
        400,
        assertThrows(RequestRefused.class, () -> ended(api.remove(BOB, asked(body)))).status());
    assertEquals(
        400,
        assertThrows(RequestRefused.class, () -> ended(api.push(BOB, null, asked(body)))).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sip:bob@example.com", "sips:bob@example.com", "SIP:bob@example.com"})
  void theSchemeIsTakenOffAnAccount(String account) throws IOException {
    add(account, registration(""));
    assertEquals(BOB, store.stored().get(0).account());
    assertEquals(200, ended(api.push(account, null, asked(CALL))).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "sip:", "bob\u0000@x", "bob\n", "\uD800"})
  void anAccountThatIsNoneIsRefused(String account) {
    assertEquals(
        400,
        assertThrows(RequestRefused.class, () -> ended(api.add(account, asked(registration("")))))
            .status());
  }

  @Test
  void aHugeAccountIsRefused() {
    String account = "a".repeat(1025);
    assertEquals(
        400,
        assertThrows(RequestRefused.class, () -> ended(api.push(account, null, asked(CALL))))
            .status());
  }

  @Test
  void anAccountMayHaveNoDomainAndOddCharacters() throws IOException {
    for (String account : List.of("justuser", "..", "%zz", "böb@example.com", "a/b@c")) {
      add(account, registration(""));
      assertEquals(200, ended(api.push(account, null, asked(CALL))).status());
    }
  }

  @Test
  void anAccountHasRoomForSoManyDevices() throws IOException {
    for (int i = 0; i < TokenApi.MOST_DEVICES; i++) {
      add(PHONE, "apple", "AA" + i, "device-" + i);
    }
    RequestRefused refusal = refusal(registration(""));
    assertEquals(409, refusal.status());
    add(PHONE, "apple", "BB", "device-7");
    assertEquals(TokenApi.MOST_DEVICES, store.stored().size());
  }

  @Test
  void ofMoreThanThatTheLatestArePushed() {
    for (int i = 0; i < 10_000; i++) {
      assertTrue(
          store
              .add(
                  new StoredToken(
                      BOB,
                      new AppKey(PHONE, AppKey.FIREBASE),
                      "device-" + i,
                      "t" + i,
                      null,
                      true,
                      null,
                      i,
                      i))
              .succeeded());
    }
    assertEquals(200, ended(api.push(BOB, null, asked(CALL))).status());
    assertEquals(TokenApi.MOST_DEVICES, dispatcher.pushes().size());
    assertTrue(pushedTokens().contains("t9999"));
  }

  @Test
  void aRemovalRepeatsItsRequest() throws IOException {
    add(BOB, registration(""));
    String body =
        "{\"app-id\":\"com.example.phone\",\"device-id\":\"<urn:uuid:" + UUID + ">\",\"x\":1}";
    ApiResponse answer = ended(api.remove(BOB, asked(body)));
    assertEquals(200, answer.status());
    assertEquals(JSON.readTree(body.replace(",\"x\":1", "")), json(answer));
    assertEquals(List.of(), store.stored());
  }

  @Test
  void aRemovalSaysWhetherTheAccountOrTheDeviceIsNotThere() throws IOException {
    String body = "{\"app-id\":\"com.example.phone\",\"device-id\":\"other\"}";
    ApiResponse nobody = ended(api.remove(BOB, asked(body)));
    assertEquals(404, nobody.status());
    assertEquals("{\"result\":\"User not found\"}", nobody.body().toString());
    add(BOB, registration(""));
    for (String wrong :
        List.of(
            body,
            "{\"app-id\":\"no.such\",\"device-id\":\"" + UUID + "\"}",
            "{\"app-id\":\"com.example.phone\"}")) {
      ApiResponse other = ended(api.remove(BOB, asked(wrong)));
      assertEquals(404, other.status());
      assertEquals("{\"result\":\"Not found\"}", other.body().toString());
    }
    assertEquals(1, store.stored().size());
  }

  @Test
  void aDeviceIsRemovedByTheNameByWhichItRegistered() throws IOException {
    for (String name : List.of("com.example.phone.voip", "com.example.phone.voip.prod")) {
      add(name, "ios", "AA11", "d");
      add("com.example.phone", "ios", "CC33", "other");
      ApiResponse answer =
          ended(api.remove(BOB, asked("{\"app-id\":\"%s\",\"device-id\":\"d\"}".formatted(name))));
      assertEquals(200, answer.status());
      assertEquals(List.of("other"), store.stored().stream().map(StoredToken::deviceId).toList());
    }
  }

  @Test
  void whoDoesNotWaitIsToldThatItIsRemovedInAnyCase() {
    ApiResponse answer =
        ended(api.remove(BOB, notWaiting("{\"app-id\":\"a\",\"device-id\":\"d\"}")));
    assertEquals(200, answer.status());
    assertEquals("{\"app-id\":\"a\",\"device-id\":\"d\"}", answer.body().toString());
  }

  @Test
  void aRemovalNeedsAnApplication() {
    RequestRefused refusal =
        assertThrows(
            RequestRefused.class,
            () -> ended(api.remove(BOB, asked("{\"device-id\":\"" + UUID + "\"}"))));
    assertEquals("Field 'app-id' required", refusal.description());
  }

  @Test
  void allDevicesArePushedAndAnsweredInAStableOrder() throws IOException {
    add(PHONE, "fcm", "zz", "d2");
    add(PHONE, "apple", "AA11-BB22", "d1");
    add("org.example.lin", "apple", "CC33", "d3");
    JsonNode answer = push(CALL);
    assertEquals("push notification responses", answer.path("description").textValue());
    assertEquals(
        JSON.readTree(
            """
            [{"body":{},"code":200,"reason":"","url":"https://push.example/3","platform":"apple",
              "call_id":"c1","token":"AA11"},
             {"body":{},"code":200,"reason":"","url":"https://push.example/3","platform":"firebase",
              "call_id":"c1","token":"zz"},
             {"body":{},"code":200,"reason":"","url":"https://push.example/3","platform":"apple",
              "call_id":"c1","token":"CC33"}]
            """),
        answer.path("data"));
  }

  @Test
  void aPushKnowsTheDeviceThatItIsFor() throws IOException {
    add(BOB, registration(",\"silent\":false"));
    push(CALL);
    Push push = dispatcher.pushes().get(0);
    assertEquals(UUID, push.device().id());
    assertFalse(push.details().silent());
    DeviceAsker asker = assertInstanceOf(DeviceAsker.class, push.asker());
    assertEquals(BOB, asker.device().account());
    assertEquals(SampleRequest.CALLER.toString(), push.sender());
  }

  @Test
  void twoTokensThatAreEqualAreOneThatRings() throws IOException {
    add(PHONE, "apple", "AA11-AA11", "d1");
    push(CALL);
    push(CALL.replace("incoming_session", "message"));
    assertEquals(List.of("AA11", "AA11"), pushedTokens());
    assertFalse(dispatcher.pushes().get(0).device().withoutVoip());
  }

  /** As the store has it after the push service did not know its other token any more. */
  private void addWithoutBackground(String deviceId) {
    assertTrue(
        store
            .add(
                new StoredToken(
                    BOB,
                    new AppKey(PHONE, AppKey.APPLE),
                    deviceId,
                    "AA11",
                    "",
                    true,
                    null,
                    time.now(),
                    time.now()))
            .succeeded());
  }

  @Test
  void aPhoneWhoseTokenForMessagesIsDeadRingsAndIsSaidToBeGoneForAllElse() throws IOException {
    addWithoutBackground("d1");
    assertEquals(200, push(CALL).at("/data/0/code").intValue());
    for (String event : List.of("message", "transfer")) {
      JsonNode told = push(CALL.replace("incoming_session", event)).at("/data/0");
      assertEquals(410, told.path("code").intValue());
      assertEquals(
          "The device's token for all but calls is dead: no '"
              + event
              + "' reaches it until its app registers again",
          told.path("reason").textValue());
    }
    assertEquals(List.of("AA11"), pushedTokens(), "Apple is not asked again");
    add(PHONE, "apple", "AA11-BB22", "d1");
    push(CALL.replace("incoming_session", "message"));
    assertEquals(List.of("AA11", "BB22"), pushedTokens());
  }

  @Test
  void aRingThatWaitsIsWithdrawnAlsoForAPhoneThatCannotBeToldOtherwise() throws IOException {
    addWithoutBackground("d1");
    dispatcher.withdrawWith(
        Future.succeededFuture(
            Optional.of(
                new Outcome(
                    Outcome.Result.SUPERSEDED,
                    new Response(200, "nothing to cancel", "", "{}"),
                    0))));
    assertEquals(200, push(CANCEL).at("/data/0/code").intValue());
    dispatcher.withdrawWith(Future.succeededFuture(Optional.empty()));
    assertEquals(410, push(CANCEL).at("/data/0/code").intValue());
    assertEquals(List.of(), pushedTokens());
  }

  @Test
  void codeThatIsNotOursAndThrowsForOneDeviceStopsNoOther() throws IOException {
    add(PHONE, "fcm", "zz", "d2");
    add("com.example.other", "pigeon", "yy", "d1");
    add("com.example.other", "pigeon", "xx", "d3");
    dispatcher.deliverWith(
        push -> {
          if (push.device().token().equals("xx")) {
            throw new IllegalStateException("a plugin failed");
          }
          return push.device().token().equals("yy")
              ? Future.failedFuture(new IllegalStateException("a plugin failed"))
              : Future.succeededFuture(ScriptedDispatcher.DELIVERED);
        });
    JsonNode answer = push(CALL);
    assertEquals(200, answer.path("code").intValue());
    assertEquals(500, answer.at("/data/0/code").intValue());
    assertEquals(500, answer.at("/data/1/code").intValue());
    assertEquals(200, answer.at("/data/2/code").intValue());
    assertEquals(
        "internal error; the server's log has the cause", answer.at("/data/0/reason").textValue());
  }

  @ParameterizedTest
  @CsvSource({
    "incoming_session, AA11",
    "incoming_conference_request, AA11",
    "cancel, BB22",
    "message, BB22",
    "transfer, BB22"
  })
  void whatDoesNotRingGoesToTheBackgroundToken(String event, String token) throws IOException {
    add(BOB, registration(""));
    String body = CALL.replace("incoming_session", event);
    assertEquals(token, push(body).at("/data/0/token").textValue());
    assertEquals(List.of(token), pushedTokens());
    ended(api.push(BOB, null, notWaiting(body)));
    assertEquals(List.of(token, token), pushedTokens());
  }

  @Test
  void aLoneTokenIsForEverything() throws IOException {
    add(PHONE, "apple", "AA11", "d1");
    push(CALL);
    push(CANCEL);
    assertEquals(List.of("AA11", "AA11"), pushedTokens());
  }

  @Test
  void aRingAndItsCancelAreOfOneDevice() throws IOException {
    add(BOB, registration(""));
    push(CALL);
    push(CANCEL);
    Push ring = dispatcher.pushes().get(0);
    Push cancel = dispatcher.pushes().get(1);
    assertEquals(ring.device().registration(), cancel.device().registration());
    assertEquals(ring.device().id(), cancel.device().id());
  }

  @ParameterizedTest
  @CsvSource({"200, 400, 200", "410, 400, 200", "400, 503, 503", "403, 400, 403", "410, 410, 200"})
  void theStatusIsGoodWhenOneWasTakenOrDeadElseTheWorst(int one, int other, int status)
      throws IOException {
    add(PHONE, "apple", "AA", "d1");
    add(PHONE, "apple", "BB", "d2");
    answerWith(Map.of("AA", one, "BB", other));
    JsonNode answer = push(CALL);
    assertEquals(status, answer.path("code").intValue());
    assertEquals("push notification responses", answer.path("description").textValue());
    assertEquals(one, answer.at("/data/0/code").intValue());
    assertEquals("Reason" + one, answer.at("/data/0/reason").textValue());
    assertEquals(other, answer.at("/data/1/code").intValue());
  }

  @Test
  void aDeviceWhoseApplicationRefusesIsOneElement() throws IOException {
    add(PHONE, "apple", "AA", "d1");
    add("org.example.lin", "apple", "CC", "d3");
    JsonNode answer = push(CALL.replace("incoming_session", "cancel"));
    assertEquals(200, answer.path("code").intValue());
    assertEquals(200, answer.at("/data/0/code").intValue());
    assertEquals(400, answer.at("/data/1/code").intValue());
    assertEquals("CC", answer.at("/data/1/token").textValue());
    assertTrue(answer.at("/data/1/reason").textValue().contains("event"));
    assertEquals(List.of("AA"), pushedTokens());
  }

  @Test
  void aRingThatWaitsIsWithdrawnByACancelThatItsPhoneDoesNotUnderstand() throws IOException {
    add("org.example.lin", "apple", "CC", "d3");
    dispatcher.withdrawWith(
        Optional.of(
            new Outcome(Outcome.Result.SUPERSEDED, new Response(200, "superseded", "", "{}"), 0)));
    JsonNode answer = push(CANCEL);
    assertEquals(200, answer.path("code").intValue());
    assertEquals("superseded", answer.at("/data/0/reason").textValue());
  }

  @Test
  void whatIsWrongForAllIsSaidOnce() throws IOException {
    add(PHONE, "apple", "AA", "d1");
    add(PHONE, "fcm", "zz", "d2");
    JsonNode answer = push(CALL.replace(",\"media-type\":\"audio\"", ""));
    assertEquals(400, answer.path("code").intValue());
    assertEquals("Field 'media-type' required", answer.path("description").textValue());
    assertEquals(2, answer.path("data").size());
  }

  @Test
  void whoDoesNotWaitGetsNoMoreThanThatItIsAccepted() throws IOException {
    add(PHONE, "apple", "AA", "d1");
    add("org.example.lin", "apple", "CC", "d3");
    for (String body : List.of(CALL, CANCEL)) {
      ApiResponse answer = ended(api.push(BOB, null, notWaiting(body)));
      assertEquals(202, answer.status());
      assertEquals(
          "{\"code\":202,\"description\":\"accepted for delivery\",\"data\":{}}",
          answer.body().toString());
    }
  }

  @Test
  void whoDoesNotWaitIsToldWhenNoneWasAccepted() throws IOException {
    add(PHONE, "apple", "AA", "d1");
    ApiResponse answer = ended(api.push(BOB, null, notWaiting(CALL.replace("audio", "smoke"))));
    assertEquals(400, answer.status());
    dispatcher.acceptWith(
        Optional.of(
            new Outcome(
                Outcome.Result.OVERLOADED, new Response(503, "too many wait", "", "{}"), 0)));
    ApiResponse full = ended(api.push(BOB, null, notWaiting(CALL)));
    assertEquals(503, full.status());
    assertEquals(1, full.retryAfter());
    assertEquals("too many wait", json(full).at("/data/0/reason").textValue());
  }

  @Test
  void oneThatIsStillOnItsWayIsSaidToBe() throws IOException {
    add(PHONE, "apple", "AA", "d1");
    add(PHONE, "apple", "BB", "d2");
    Promise<Outcome> first = Promise.promise();
    Promise<Outcome> second = Promise.promise();
    dispatcher.deliverWith(push -> (push.device().token().equals("AA") ? first : second).future());
    String waiting = CALL.replace("}", ",\"wait\":2}");
    Future<ApiResponse> none = api.push(BOB, null, asked(waiting));
    time.advance(Duration.ofSeconds(2));
    assertEquals(202, ended(none).status());
    assertEquals("still trying", json(none.result()).path("description").textValue());
    assertEquals(202, json(none.result()).at("/data/1/code").intValue());

    Future<ApiResponse> one = api.push(BOB, null, asked(waiting));
    first.complete(ScriptedDispatcher.DELIVERED);
    assertFalse(one.isComplete());
    time.advance(Duration.ofSeconds(2));
    assertEquals(200, ended(one).status());
    assertEquals(200, json(one.result()).at("/data/0/code").intValue());
    assertEquals("still trying", json(one.result()).at("/data/1/reason").textValue());
  }

  @Test
  void noDeviceWaitsForAnother() throws IOException {
    add(PHONE, "apple", "AA", "d1");
    add(PHONE, "fcm", "zz", "d2");
    List<Promise<Outcome>> ends = new ArrayList<>();
    dispatcher.deliverWith(
        push -> {
          Promise<Outcome> end = Promise.promise();
          ends.add(end);
          return end.future();
        });
    Future<ApiResponse> answer = api.push(BOB, null, asked(CALL));
    assertEquals(2, ends.size());
    ends.forEach(end -> end.complete(ScriptedDispatcher.DELIVERED));
    assertEquals(200, ended(answer).status());
  }

  @ParameterizedTest
  @CsvSource({"call-id, call-id", "from, from", "to, to"})
  void aPushNeedsThese(String field, String named) {
    RequestRefused refusal =
        assertThrows(
            RequestRefused.class,
            () -> ended(api.push(BOB, null, asked(CALL.replace("\"" + field + "\"", "\"x\"")))));
    assertEquals(400, refusal.status());
    assertEquals("field required: " + named, refusal.description());
  }

  @Test
  void anUnknownAccountIsNotFoundWhetherSomebodyWaitsOrNot() throws IOException {
    for (AskedPush one : List.of(asked(CALL), notWaiting(CALL))) {
      ApiResponse answer = ended(api.push("sip:nobody@x", null, one));
      assertEquals(404, answer.status());
      assertEquals(
          JSON.readTree(
              "{\"code\":404,\"description\":\"Push request was not sent: user not found\","
                  + "\"data\":{\"account\":\"nobody@x\"}}"),
          json(answer));
    }
  }

  @Test
  void anUnknownDeviceIsNotFoundAndNamed() throws IOException {
    add(BOB, registration(""));
    for (AskedPush one : List.of(asked(CALL), notWaiting(CALL))) {
      ApiResponse answer = ended(api.push(BOB, "nope", one));
      assertEquals(
          JSON.readTree(
              "{\"code\":404,\"description\":\"Push request was not sent: device not found\","
                  + "\"data\":{\"device_id\":\"nope\"}}"),
          json(answer));
    }
    assertEquals(404, ended(api.push(BOB, "<>", asked(CALL))).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dd11aabb-000d",
        "<urn:uuid:dd11aabb-000d>",
        "urn:uuid:dd11aabb-000d",
        "11aabb-000"
      })
  void aDeviceIsFoundByEachSpelling(String device) throws IOException {
    add(PHONE, "apple", "AA", "dd11aabb-000d");
    add(PHONE, "apple", "BB", "other");
    ApiResponse answer = ended(api.push(BOB, device, asked(CALL)));
    assertEquals(200, answer.status());
    assertTrue(json(answer).path("data").isArray());
    assertEquals(List.of("AA"), pushedTokens());
  }

  @Test
  void whenTheStoreCannotBeUsedTheReasonIsSaid() {
    store.fail("the disk is full; make room");
    for (Runnable call :
        List.<Runnable>of(
            () -> ended(api.add(BOB, asked(registration("")))),
            () -> ended(api.remove(BOB, notWaiting("{\"app-id\":\"a\",\"device-id\":\"d\"}"))),
            () -> ended(api.push(BOB, null, notWaiting(CALL))),
            () -> ended(api.list(BOB, SampleRequest.CALLER)))) {
      RequestRefused refusal = assertThrows(RequestRefused.class, call::run);
      assertEquals(503, refusal.status());
      assertEquals(Refused.STORE, refusal.why());
      assertTrue(refusal.retryAfter() > 0);
      assertEquals(
          "Stored tokens cannot be used: the disk is full; make room", refusal.description());
    }
  }

  @Test
  void whereNoneAreStoredThePathIsNotThere() {
    ApiParts without = ApiParts.of(dispatcher, time);
    TokenApi off = new TokenApi(without, new PushApi(dispatcher, time));
    RequestRefused refusal =
        assertThrows(RequestRefused.class, () -> ended(off.add(BOB, asked(registration("")))));
    assertEquals(404, refusal.status());
    assertEquals(Refused.PATH, refusal.why());
  }

  private static Caller holder(Set<AppKey> applications, Right... rights) {
    return new Caller(
        "192.0.2.1", new ApiKey("k", "h", false, Set.of(), applications, Set.of(rights)));
  }

  @Test
  void aKeyReachesItsApplicationsOnly() throws IOException {
    add(PHONE, "apple", "AA", "d1");
    add(PHONE, "fcm", "zz", "d2");
    Caller apple = holder(Set.of(new AppKey(PHONE, AppKey.APPLE)), Right.TOKENS, Right.PUSH);

    ApiResponse pushed = ended(api.push(BOB, null, new AskedPush(CALL, apple, true)));
    assertEquals(1, json(pushed).path("data").size());
    assertEquals(List.of("AA"), pushedTokens());
    assertEquals(1, json(ended(api.list(BOB, apple))).path("devices").size());
    assertEquals(404, ended(api.push(BOB, "d2", new AskedPush(CALL, apple, true))).status());
    for (String body :
        List.of(
            "{\"app-id\":\"com.example.phone\",\"device-id\":\"d2\"}",
            "{\"app-id\":\"com.example.other\",\"device-id\":\"d1\"}")) {
      RequestRefused refusal =
          assertThrows(
              RequestRefused.class, () -> ended(api.remove(BOB, new AskedPush(body, apple, true))));
      assertEquals(403, refusal.status());
    }
    RequestRefused registering =
        assertThrows(
            RequestRefused.class,
            () ->
                ended(
                    api.add(
                        BOB,
                        new AskedPush(
                            registration("").replace("\"ios\"", "\"fcm\""), apple, true))));
    assertEquals(403, registering.status());
    assertEquals(2, store.stored().size());
    String mine = "{\"app-id\":\"com.example.phone\",\"device-id\":\"d1\"}";
    assertEquals(200, ended(api.remove(BOB, new AskedPush(mine, apple, true))).status());
  }

  @Test
  void aKeyForTokensRegistersAndPushesNobody() throws IOException {
    Caller registrar = holder(Set.of(new AppKey(PHONE, AppKey.APPLE)), Right.TOKENS);
    assertEquals(
        200, ended(api.add(BOB, new AskedPush(registration(""), registrar, true))).status());
    assertEquals(
        403,
        assertThrows(
                RequestRefused.class,
                () -> ended(api.push(BOB, null, new AskedPush(CALL, registrar, true))))
            .status());
  }

  @Test
  void aListShowsNoTokenThatCouldBePushedTo() throws IOException {
    String voip = "11aa22bb33cc44dd55ee66ff";
    String alert = "99aa88bb77cc66dd55ee44ff";
    add(PHONE, "apple", voip + "-" + alert, "d1");
    ApiResponse answer = ended(api.list("sip:" + BOB, SampleRequest.CALLER));
    assertEquals(200, answer.status());
    String body = answer.body().toString();
    assertFalse(body.contains(voip) || body.contains(alert), body);
    assertEquals(BOB, json(answer).path("account").textValue());
    assertEquals("11aa22bb...", json(answer).at("/devices/0/token").textValue());
    assertEquals("99aa88bb...", json(answer).at("/devices/0/background-token").textValue());
    assertEquals(0, json(ended(api.list("nobody", SampleRequest.CALLER))).path("devices").size());
  }
}
