// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.config.ApiKey;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/** Cancels that say nothing about the devices that they are for. */
class CallCancelsTest {
  private static final AppKey IPHONE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final AppKey ANDROID = new AppKey("com.example.phone", AppKey.FIREBASE);
  private static final AppKey LINPHONE = new AppKey("org.example.lin", AppKey.FIREBASE);

  private static final Outcome OVER =
      new Outcome(Result.SUPERSEDED, new Response(200, "nothing to cancel", "", "{}"), 0);

  private final ScriptedDispatcher dispatcher = ScriptedDispatcher.withSamples();
  private final PushApi api = new PushApi(dispatcher, new ManualTime());
  private final LogTrail log = new LogTrail();

  @AfterEach
  void close() {
    log.close();
  }

  private static RungDevice rung(AppKey app, String token, String ref) {
    return new RungDevice(
        app,
        new Device(token, "id", token, false, ref),
        "sip:alice@x",
        "Alice",
        "sip:bob@x",
        "audio",
        null);
  }

  @CanIgnoreReturnValue
  private JsonObject ask(String body) {
    return json(api.push(new AskedPush(body)));
  }

  private static JsonObject json(Future<ApiResponse> answer) {
    JsonObject told = new JsonObject(answer.result().body());
    assertEquals(told.getInteger("code"), answer.result().status());
    return told;
  }

  private RequestRefused refused(String body) {
    return assertThrows(RequestRefused.class, () -> api.push(new AskedPush(body)));
  }

  private static JsonObject counts(int withdrawn, int pushed, int untold) {
    return new JsonObject()
        .put("cancelled", withdrawn + pushed)
        .put("withdrawn", withdrawn)
        .put("pushed", pushed)
        .put("untold", untold);
  }

  @Test
  void eachDeviceThatRangGetsTheCancelOfItsApplication() {
    dispatcher.rang(rung(IPHONE, "aa11-bb22", null));
    dispatcher.rang(rung(ANDROID, "phone-of-bob", null));
    JsonObject answer = ask("{\"event\":\"cancel\",\"call-id\":\"1@x\",\"reason\":\"answered\"}");
    assertEquals("2 of 2 cancelled", answer.getString("description"));
    assertEquals(200, answer.getInteger("code"));
    assertEquals(counts(0, 2, 0), answer.getJsonObject("data"));

    Push iphone = dispatcher.pushes().get(0);
    assertEquals(Event.CANCEL, iphone.event());
    assertEquals("1@x", iphone.callId());
    assertEquals(IPHONE, iphone.app());
    assertEquals("bb22", iphone.device().token(), "a cancel is no VoIP push");
    assertEquals("aa11-bb22", iphone.device().registration());
    assertEquals("answered", iphone.details().reason());
    assertEquals("sip:alice@x", iphone.details().from());
    assertEquals("sip:bob@x", iphone.details().to());
    assertEquals(64_000, iphone.deadline() - iphone.bornAt());
    assertEquals(ANDROID, dispatcher.pushes().get(1).app());
  }

  @Test
  void theCancelOfAPushToAnAccountIsFoundUnderThatAccount() {
    RungDevice rung = rung(ANDROID, "phone-of-bob", null);
    dispatcher.rang(
        new RungDevice(
            rung.app(),
            rung.device(),
            rung.from(),
            rung.fromDisplayName(),
            "sip:sales@x",
            rung.mediaType(),
            "bob@x"));
    assertEquals(200, ask("{\"event\":\"cancel\",\"call-id\":\"1@x\"}").getInteger("code"));
    Push cancel = dispatcher.pushes().get(0);
    assertEquals("bob@x", cancel.account());
    assertEquals(SampleRequest.CALLER.toString(), cancel.sender());
  }

  @Test
  void whenNothingRangThereIsNothingToCancel() {
    JsonObject answer = ask("{\"event\":\"cancel\",\"call_id\":\"1@x\"}");
    assertEquals(200, answer.getInteger("code"));
    assertEquals("nothing to cancel", answer.getString("description"));
    assertEquals(counts(0, 0, 0), answer.getJsonObject("data"));
    assertEquals(List.of(), dispatcher.pushes());
  }

  @Test
  void ringsThatWaitedCountAsWithdrawnAndWhatTheServiceRefusesAsUntold() {
    dispatcher.rang(rung(IPHONE, "aa11", null));
    dispatcher.rang(rung(ANDROID, "dead", null));
    dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                push.app().equals(IPHONE)
                    ? OVER
                    : new Outcome(
                        Result.DEAD_TOKEN, new Response(410, "Unregistered", "", "{}"), 1)));
    JsonObject answer = ask("{\"event\":\"cancel\",\"call-id\":\"1@x\"}");
    assertEquals("1 of 2 cancelled; 1 could not be told", answer.getString("description"));
    assertEquals(counts(1, 0, 1), answer.getJsonObject("data"));
  }

  @Test
  void ofATypeWithoutACancelTheRingIsWithdrawnAndNothingPushed() {
    dispatcher.rang(rung(LINPHONE, "lin", null));
    dispatcher.withdrawWith(Optional.of(OVER));
    JsonObject answer = ask("{\"event\":\"cancel\",\"call-id\":\"1@x\"}");
    assertEquals(counts(1, 0, 0), answer.getJsonObject("data"));
    assertEquals(List.of(), dispatcher.pushes());
    assertEquals("lin", dispatcher.withdrawals().get(0).device().token());
  }

  @Test
  void ofATypeWithoutACancelThePhoneThatRingsCannotBeToldAndTheAnswerSaysSo() {
    dispatcher.rang(rung(LINPHONE, "lin", null));
    JsonObject answer = ask("{\"event\":\"cancel\",\"call-id\":\"1@x\"}");
    assertEquals(200, answer.getInteger("code"));
    assertEquals("0 of 1 cancelled; 1 could not be told", answer.getString("description"));
    assertEquals(counts(0, 0, 1), answer.getJsonObject("data"));
  }

  @Test
  void aPhoneWhoseOnlyTokenIsForCallsCannotBeToldAndItsRingIsWithdrawn() {
    dispatcher.rang(rung(IPHONE, "aa11:voip", null));
    dispatcher.withdrawWith(Optional.of(OVER));
    JsonObject answer = ask("{\"event\":\"cancel\",\"call-id\":\"1@x\"}");
    assertEquals(counts(1, 0, 0), answer.getJsonObject("data"));
    assertEquals(List.of(), dispatcher.pushes());
  }

  @Test
  void anApplicationThatHasGoneCannotBeTold() {
    dispatcher.rang(rung(new AppKey("com.example.gone", AppKey.APPLE), "aa", null));
    JsonObject answer = ask("{\"event\":\"cancel\",\"call-id\":\"1@x\"}");
    assertEquals(counts(0, 0, 1), answer.getJsonObject("data"));
  }

  @Test
  void whoDoesNotWaitIsToldHowManyAreBeingCancelled() {
    String body = "{\"event\":\"cancel\",\"call-id\":\"1@x\"}";
    dispatcher.rang(rung(IPHONE, "aa11", null));
    JsonObject some = json(api.push(new AskedPush(body, SampleRequest.CALLER, false)));
    assertEquals(202, some.getInteger("code"));
    assertEquals(new JsonObject().put("devices", 1), some.getJsonObject("data"));
    JsonObject none = json(api.push(new AskedPush(body, SampleRequest.CALLER, false)));
    assertEquals(200, none.getInteger("code"));
    assertEquals("nothing to cancel", none.getString("description"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"r1\",\"<urn:uuid:ID-2>\",3]",
        "\"r1, \\\"<urn:uuid:ID-2>\\\" 3\"",
        "\"r1,<urn:uuid:ID-2>,,3 \""
      })
  void devicesAreExceptedByRefOrDeviceIdAsAListOrInWords(String except) {
    ask("{\"event\":\"cancel\",\"call-id\":\"1@x\",\"except\":" + except + "}");
    CallCancel cancel = dispatcher.cancels().get(0);
    assertTrue(cancel.exceptRefs().containsAll(Set.of("r1", "3")));
    assertTrue(cancel.exceptIds().containsAll(Set.of("r1", "id-2", "3")));
    assertFalse(cancel.exceptRefs().contains(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"%s\"", "[\"r9\",\"%s\"]"})
  void aDeviceIsExceptedByItsContactWhichMayHaveAnotherAddressNow(String except) {
    String contact =
        "<sip:bob@192.0.2.7:40000;pn-provider=apns;pn-param=TEAM123456.com.example.phone.voip&remote;"
            + "pn-prid=AA11:voip&DD44:remote>;q=0.5, <sip:bob@192.0.2.8;pn-provider=fcm;pn-param=x;pn-prid=t1>";
    ask("{\"event\":\"cancel\",\"call-id\":\"1@x\",\"except\":" + except.formatted(contact) + "}");
    assertTrue(
        dispatcher.cancels().get(0).exceptRefs().containsAll(Set.of("AA11", "DD44", "t1")),
        dispatcher.cancels()::toString);
  }

  @Test
  void aFormSaysTheSame() {
    dispatcher.rang(rung(IPHONE, "aa11", null));
    JsonObject answer = ask("event=cancel&call_id=1%40x&except=r1+r2&reason=answered");
    assertEquals(counts(0, 1, 0), answer.getJsonObject("data"));
    assertEquals(Set.of("r1", "r2"), dispatcher.cancels().get(0).exceptRefs());
    assertEquals("answered", dispatcher.pushes().get(0).details().reason());
  }

  @Test
  void theAnswerAsAFormIsOneLine() {
    assertEquals(
        "code=200&cancelled=2&withdrawn=1&pushed=1&untold=1&description=2+of+3+cancelled%3B+1+could"
            + "+not+be+told",
        new CancelledDevices(1, 1, 1).answer().encoded(true).body().toString());
    assertEquals(
        "code=202&devices=2&description=accepted+for+delivery",
        CancelledDevices.onTheirWay(2).encoded(true).body().toString());
  }

  @Test
  void whoNamesADeviceByItsIdMeansThatAlone() {
    ask("{\"event\":\"cancel\",\"call-id\":\"1@x\",\"device-id\":\"<urn:uuid:ABC>\"}");
    assertEquals("abc", dispatcher.cancels().get(0).onlyId());
    ask("{\"event\":\"cancel\",\"call-id\":\"1@x\"}");
    assertNull(dispatcher.cancels().get(1).onlyId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[{}]", "[null]", "[[\"a\"]]", "true"})
  void exceptMustBeTexts(String except) {
    RequestRefused refusal =
        refused("{\"event\":\"cancel\",\"call-id\":\"1@x\",\"except\":" + except + "}");
    assertEquals(400, refusal.status());
    assertEquals("1@x", refusal.callId());
    assertEquals(List.of(), dispatcher.cancels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"call-id\":\"\"", ",\"call-id\":null"})
  void withoutACallIdNobodyKnowsWhatToCancel(String callId) {
    RequestRefused refusal = refused("{\"event\":\"cancel\"" + callId + "}");
    assertEquals("Field 'call-id' required", refusal.description());
    assertEquals(400, refusal.status());
  }

  @Test
  void aRequestThatNamesAnythingOfADeviceIsTheFullForm() {
    for (String field : List.of("app-id", "platform", "token")) {
      RequestRefused refusal =
          refused("{\"event\":\"cancel\",\"call-id\":\"1@x\",\"" + field + "\":\"apple\"}");
      assertEquals(400, refusal.status());
      assertTrue(refusal.description().endsWith("required"), refusal::description);
    }
    assertEquals(List.of(), dispatcher.cancels());
  }

  @Test
  void aKeyCancelsWithinItsApplicationsAlone() {
    ApiKey key = new ApiKey("pbx-1", "5f2c", false, Set.of(), Set.of(IPHONE));
    Caller caller = new Caller("127.0.0.1", key);
    JsonObject answer =
        json(api.push(new AskedPush("{\"event\":\"cancel\",\"call-id\":\"1@x\"}", caller, true)));
    assertEquals(200, answer.getInteger("code"));
    CallCancel cancel = dispatcher.cancels().get(0);
    assertTrue(cancel.allowed().test(IPHONE));
    assertFalse(cancel.allowed().test(ANDROID));
  }

  @Test
  void theLogSaysWhoCancelledHowMany() {
    dispatcher.rang(rung(IPHONE, "aa11", null));
    ask("{\"event\":\"cancel\",\"call-id\":\"1@x\"}");
    assertTrue(
        log.lines()
            .contains(
                "incoming call-id=1@x event=cancel from=127.0.0.1 bytes=34"
                    + " reason=\"for 1 device rung before\""),
        log.lines()::toString);
    for (String line :
        List.of(
            "request call-id=1@x event=cancel ", "answer call-id=1@x event=cancel status=200 ")) {
      assertTrue(log.lines().stream().anyMatch(one -> one.startsWith(line)), log.lines()::toString);
    }
  }

  private static SampleRequest linphoneCancel() {
    return SampleRequest.linphone().withText("event", "cancel");
  }

  @Test
  void theFullFormWithdrawsTheRingOfATypeWithoutACancel() {
    dispatcher.withdrawWith(Optional.of(OVER));
    JsonObject answer = ask(linphoneCancel().without("media-type").toString());
    assertEquals(200, answer.getInteger("code"));
    assertEquals("nothing to cancel", answer.getString("description"));
    Push cancel = dispatcher.withdrawals().get(0);
    assertEquals(Event.CANCEL, cancel.event());
    assertEquals(SampleRequest.FCM_TOKEN, cancel.device().token());
    assertEquals(List.of(), dispatcher.pushes());
    assertTrue(log.lines().get(0).startsWith("incoming "));
  }

  @Test
  void theFullFormIsRefusedAsEverWhenThereIsNoRingToWithdraw() {
    Future<ApiResponse> answer = api.push(new AskedPush(linphoneCancel().toString()));
    RequestRefused refusal = (RequestRefused) answer.cause();
    assertEquals(400, refusal.status());
    assertEquals("Field 'event' must be 'incoming_session', not 'cancel'", refusal.description());
    assertEquals("Y2NlNzg0@192.0.2.1", refusal.callId());
    RequestRefused missing =
        (RequestRefused)
            api.push(new AskedPush(linphoneCancel().without("media-type").toString())).cause();
    assertEquals("Field 'media-type' required", missing.description());
    assertEquals(List.of(), log.lines());
  }

  @Test
  void theSameIsToldToWhoWritesHisOwnAnswer() {
    RequestFields fields = JsonReader.read(linphoneCancel().bytes(), SampleRequest.JSON);
    Outcome end = api.send(fields, new AskedPush("{}")).end().result().orElseThrow();
    assertEquals(Result.SUPERSEDED, end.result());
    assertEquals(200, end.response().code(), "it has never been refused there");
    dispatcher.withdrawWith(Optional.of(OVER));
    assertEquals(Optional.of(OVER), api.send(fields, new AskedPush("{}")).end().result());
  }

  @Test
  void aCancelForContactsIsTheFullForm() {
    assertFalse(
        CallCancels.isMeant(
            JsonReader.read(
                "{\"event\":\"cancel\",\"call-id\":\"1@x\",\"contacts\":[\"<sip:b@x>\"]}"
                    .getBytes(StandardCharsets.UTF_8),
                SampleRequest.JSON)));
  }

  @Test
  void aRefIsKeptWithTheDevice() {
    ask(SampleRequest.apple().withText("ref", "uloc-1").toString());
    assertEquals("uloc-1", dispatcher.pushes().get(0).device().ref());
    ask(SampleRequest.apple().toString());
    assertNull(dispatcher.pushes().get(1).device().ref());
  }

  @Test
  void theRefOfAContactIsKeptWithItsDevice() {
    ask(
        SampleRequest.firebase()
            .without("token", "platform")
            .with(
                "contacts",
                "[{\"contact\":\"<sip:b@x;pn-provider=fcm;pn-param=p;pn-prid=tok>\",\"ref\":\"u1\"}]")
            .toString());
    assertEquals("u1", dispatcher.pushes().get(0).device().ref());
  }
}
