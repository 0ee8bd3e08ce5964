// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.ForeignDoor;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** Notifications of Matrix homeservers. */
@Timeout(60)
class MatrixDoorIT {
  private static final String PATH = "/_matrix/push/v1/notify";

  /** What an iPhone's app gives its homeserver. */
  private static final String PUSHKEY =
      Base64.getEncoder().encodeToString(HexFormat.of().parseHex(SampleRequest.APPLE_TOKEN));

  @RegisterExtension private final ForeignSender homeserver = ForeignSender.at(ForeignDoor.MATRIX);

  private static JsonObject device(String appId, String pushkey) {
    return new JsonObject()
        .put("app_id", appId)
        .put("pushkey", pushkey)
        .put("pushkey_ts", 1700000000)
        .put("data", new JsonObject().put("format", "event_id_only"))
        .put("tweaks", new JsonObject().put("sound", "default"));
  }

  private static JsonObject notification(JsonObject... devices) {
    JsonArray all = new JsonArray();
    for (JsonObject device : devices) {
      all.add(device);
    }
    return new JsonObject()
        .put("event_id", "$e")
        .put("room_id", "!r:x")
        .put("type", "m.room.message")
        .put("sender", "@a:x")
        .put("sender_display_name", "Alice")
        .put("room_name", "Mission")
        .put("prio", "high")
        .put("counts", new JsonObject().put("unread", 3).put("missed_calls", 0))
        .put("content", new JsonObject().put("msgtype", "m.text").put("body", "Hello"))
        .put("devices", all);
  }

  private RawClient.Answer notify(JsonObject notification) throws IOException {
    return homeserver.post(PATH, new JsonObject().put("notification", notification).encode());
  }

  private static JsonObject call(String type, JsonObject content) {
    return notification(device(ForeignSender.APP, PUSHKEY))
        .put("type", type)
        .put("content", content);
  }

  @Test
  void theRequestOfTheSpecificationIsUnderstood() throws IOException {
    RawClient.Answer answer =
        homeserver.post(
            PATH,
            "{\"notification\":{\"event_id\":\"$e\",\"room_id\":\"!r:x\",\"type\":\"m.call.invite\","
                + "\"sender\":\"@a:x\",\"sender_display_name\":\"Alice\",\"room_name\":\"…\","
                + "\"prio\":\"high\",\"counts\":{\"unread\":1,\"missed_calls\":0},"
                + "\"content\":{\"call_id\":\"12345\",\"offer\":{\"sdp\":\"v=0\\r\\nm=audio 1\"}},"
                + "\"devices\":[{\"app_id\":\"com.example.phone\",\"pushkey\":\""
                + PUSHKEY
                + "\",\"pushkey_ts\":1700000000,\"data\":{\"format\":\"event_id_only\"},"
                + "\"tweaks\":{\"sound\":\"default\"}}]}}");
    assertEquals(200, answer.status());
    assertEquals("application/json", answer.headers().get("content-type"));
    assertEquals("{\"rejected\":[]}", answer.body());
    Push push = homeserver.push();
    assertEquals(new AppKey("com.example.phone", AppKey.APPLE), push.app());
    assertEquals(SampleRequest.APPLE_TOKEN, push.device().token());
    assertEquals(Event.INCOMING_SESSION, push.event());
    assertEquals("12345", push.callId());
    assertEquals("audio", push.details().mediaType());
    assertEquals("@a:x", push.details().from());
    assertEquals("Alice", push.details().fromDisplayName());
    assertEquals("!r:x", push.details().to());
    assertEquals(1, push.details().badge());
  }

  @Test
  void aMessageBringsItsTextWhenItWasSent() throws IOException {
    assertEquals(
        200, notify(notification(device(ForeignSender.APP, SampleRequest.FCM_TOKEN))).status());
    Push push = homeserver.push();
    assertEquals(new AppKey("com.example.phone", AppKey.FIREBASE), push.app());
    assertEquals(SampleRequest.FCM_TOKEN, push.device().token());
    assertEquals(Event.MESSAGE, push.event());
    assertEquals("$e", push.callId());
    assertEquals("Hello", push.details().content());
    assertEquals(3, push.details().badge());
  }

  @Test
  void anEventOfWhichOnlyTheIdWasSentIsAMessage() throws IOException {
    JsonObject sparse =
        new JsonObject()
            .put("event_id", "$e")
            .put("room_id", "!r:x")
            .put("devices", new JsonArray().add(device(ForeignSender.APP, PUSHKEY)));
    assertEquals(200, notify(sparse).status());
    assertEquals(Event.MESSAGE, homeserver.push().event());
  }

  @Test
  void aHangupCancelsTheCall() throws IOException {
    JsonObject invite =
        new JsonObject()
            .put("call_id", "12345")
            .put("offer", new JsonObject().put("sdp", "v=0\r\nm=audio 1\r\nm=video 2"));
    assertEquals(200, notify(call("m.call.invite", invite)).status());
    JsonObject hangup = new JsonObject().put("call_id", "12345").put("reason", "invite_timeout");
    assertEquals(200, notify(call("m.call.hangup", hangup)).status());
    assertEquals("video", homeserver.pushes().get(0).details().mediaType());
    Push cancel = homeserver.pushes().get(1);
    assertEquals(Event.CANCEL, cancel.event());
    assertEquals("12345", cancel.callId());
    assertEquals("invite_timeout", cancel.details().reason());
  }

  /** An app with two tokens has a pusher for each, and gets every event at both. */
  @Test
  void aPusherForVoipGetsCallsAlone() throws IOException {
    homeserver.door.dispatcher.with(
        "com.example.two.voip", AppKey.APPLE, ScriptedDispatcher.Type.SYLK);
    JsonObject device = device("com.example.two.voip", PUSHKEY);
    assertEquals("{\"rejected\":[]}", notify(notification(device)).body());
    assertTrue(homeserver.pushes().isEmpty());
    assertEquals(200, notify(notification(device).put("type", "m.call.invite")).status());
    assertFalse(homeserver.push().device().withoutVoip());
  }

  @Test
  void aCallIsShownAtAPusherThatIsForNothingInParticular() throws IOException {
    assertEquals(200, notify(call("m.call.invite", new JsonObject())).status());
    assertTrue(homeserver.push().device().withoutVoip());
  }

  @Test
  void aPushkeyThatIsANumberIsItsText() throws IOException {
    JsonObject device = device("com.example.none", "x").put("pushkey", 17);
    assertEquals("{\"rejected\":[\"17\"]}", notify(notification(device)).body());
  }

  @Test
  void whenOnlyTheCountsHaveChangedNobodyIsWoken() throws IOException {
    JsonObject counts = notification(device(ForeignSender.APP, PUSHKEY));
    counts.remove("event_id");
    assertEquals("{\"rejected\":[]}", notify(counts).body());
    assertTrue(homeserver.pushes().isEmpty());
  }

  @Test
  void aDeviceMaySayItsPlatform() throws IOException {
    JsonObject device = device("com.example.other", "loft-3/west");
    device.getJsonObject("data").put("platform", "pigeon");
    assertEquals("{\"rejected\":[]}", notify(notification(device)).body());
    assertEquals("pigeon", homeserver.push().app().platform());
  }

  @ParameterizedTest
  @CsvSource({"apple", "firebase"})
  void anApplicationOfOnePlatformIsFoundWhateverTheTokenLooksLike(String platform)
      throws IOException {
    homeserver.door.dispatcher.with("com.example.one", platform, ScriptedDispatcher.Type.SYLK);
    assertEquals(
        "{\"rejected\":[]}",
        notify(notification(device("com.example.one", SampleRequest.APPLE_TOKEN))).body());
    assertEquals(platform, homeserver.push().app().platform());
  }

  @Test
  void deadTokensUnknownApplicationsAndWhatIsNoTokenAreRejected() throws IOException {
    homeserver.door.dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                push.device().token().equals("dead") ? ForeignSender.DEAD : ForeignSender.TAKEN));
    homeserver.door.dispatcher.with("com.example.ios", AppKey.APPLE, ScriptedDispatcher.Type.SYLK);
    JsonObject all =
        notification(
            device(ForeignSender.APP, PUSHKEY),
            device(ForeignSender.APP, "dead"),
            device("com.example.none", "gone"),
            device("com.example.ios", "no hex"));
    RawClient.Answer answer = notify(all);
    assertEquals(200, answer.status());
    assertEquals("{\"rejected\":[\"dead\",\"gone\",\"no hex\"]}", answer.body());
  }

  /** A homeserver that is told so forgets the device. */
  @ParameterizedTest
  @ValueSource(strings = {"REFUSED", "DELIVERED", "SUPERSEDED"})
  void nothingElseIsRejected(Outcome.Result result) throws IOException {
    homeserver.pushesEnd(ForeignSender.ended(result, 400, "BadTopic"));
    assertEquals(
        "{\"rejected\":[]}", notify(notification(device(ForeignSender.APP, PUSHKEY))).body());
  }

  @Test
  void aMessageForAnAppThatOnlyTakesCallsIsNoReasonToForgetTheDevice() throws IOException {
    RawClient.Answer answer = notify(notification(device("org.example.lin", PUSHKEY)));
    assertEquals(200, answer.status());
    assertEquals("{\"rejected\":[]}", answer.body());
    assertTrue(homeserver.pushes().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXPIRED", "OVERLOADED", "ABANDONED"})
  void whatMayWorkLaterIsToBeTriedAgain(Outcome.Result result) throws IOException {
    homeserver.pushesEnd(ForeignSender.ended(result, 503, "later"));
    RawClient.Answer answer = notify(notification(device(ForeignSender.APP, PUSHKEY)));
    assertEquals(502, answer.status());
    assertEquals("{\"errcode\":\"M_UNKNOWN\",\"error\":\"later\"}", answer.body());
  }

  @Test
  void anApplicationThatIsDisabledIsToBeTriedAgain() throws IOException {
    homeserver.door.dispatcher.disable("com.example.broken", AppKey.APPLE, "x", "no key");
    assertEquals(502, notify(notification(device("com.example.broken", PUSHKEY))).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "{}",
        "{\"notification\":7}",
        "{\"notification\":{\"event_id\":\"$e\"}}",
        "{\"notification\":{\"event_id\":\"$e\",\"devices\":[]}}",
        "{\"notification\":{\"event_id\":\"$e\",\"devices\":[7]}}",
        "{\"notification\":{\"event_id\":\"$e\",\"devices\":[{\"app_id\":\"x\"}]}}"
      })
  void whatIsNoNotificationIsWrong(String body) throws IOException {
    RawClient.Answer answer = homeserver.post(PATH, body);
    assertEquals(400, answer.status());
    assertTrue(answer.body().startsWith("{\"errcode\":\"M_BAD_JSON\",\"error\":"), answer::body);
  }
}
