// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.sylk.SylkApplication;

class PushReaderTest {
  private final ManualTime time = new ManualTime();
  private final ScriptedDispatcher dispatcher = ScriptedDispatcher.withSamples();
  private final PushReader reader = new PushReader(dispatcher, time);

  private Push read(SampleRequest request) {
    return reader.read(request.bytes(), SampleRequest.JSON, SampleRequest.CALLER).push();
  }

  private RequestRefused refusal(SampleRequest request) {
    return assertThrows(
        RequestRefused.class,
        () -> reader.read(request.bytes(), SampleRequest.JSON, SampleRequest.CALLER),
        request::toString);
  }

  private void assertRefused(int status, String description, SampleRequest request) {
    RequestRefused refusal = refusal(request);
    assertEquals(description, refusal.description());
    assertEquals(status, refusal.status());
  }

  @Test
  void everyFieldReachesThePush() {
    Push push =
        read(
            SampleRequest.apple()
                .withText("event", "transfer")
                .withText("from-display-name", "Alice Ünï")
                .withText("device-id", "<urn:uuid:cafe>")
                .withText("media-type", "file-transfer")
                .with("silent", "false")
                .withText("reason", "why")
                .with("badge", "0")
                .withText("account", "bob@example.com")
                .withText("filename", "x.jpg")
                .withText("filetype", "image/jpeg")
                .withText("content", "line\r\n\tline")
                .withText("content-type", "text/plain"));

    assertEquals(new AppKey("com.example.phone", AppKey.APPLE), push.app());
    assertEquals(SampleRequest.APPLE_TOKEN, push.device().token());
    assertEquals("cafe", push.device().id());
    assertEquals(Event.TRANSFER, push.event());
    assertEquals("Y2NlNzg0@192.0.2.1", push.callId());
    assertEquals("sip:alice@example.com", push.details().from());
    assertEquals("Alice Ünï", push.details().fromDisplayName());
    assertEquals("sip:bob@example.com", push.details().to());
    assertEquals("file-transfer", push.details().mediaType());
    assertFalse(push.details().silent());
    assertEquals("why", push.details().reason());
    assertEquals(0, push.details().badge());
    assertEquals("bob@example.com", push.details().account());
    assertEquals("x.jpg", push.details().filename());
    assertEquals("image/jpeg", push.details().filetype());
    assertEquals("line\r\n\tline", push.details().content());
    assertEquals("text/plain", push.details().contentType());
  }

  @Test
  void whatIsAbsentOrNullTakesItsDefault() {
    Push push =
        read(
            SampleRequest.apple()
                .without("silent")
                .with("badge", "null")
                .with("device-id", "null")
                .with("from-display-name", "null")
                .with("reason", "null"));

    assertTrue(push.details().silent());
    assertEquals(1, push.details().badge());
    assertNull(push.device().id());
    assertNull(push.details().fromDisplayName());
    assertNull(push.details().reason());
    assertNull(push.details().account());
  }

  @Test
  void namesMayHaveUnderscoresForDashes() {
    SampleRequest request =
        SampleRequest.apple()
            .without("call-id", "app-id", "media-type")
            .withText("app_id", "com.example.phone")
            .withText("call_id", "x")
            .withText("media_type", "video")
            .withText("from_display_name", "Alice")
            .withText("from-display_title", "not one of ours");

    assertEquals("Alice", read(request).details().fromDisplayName());
  }

  @Test
  void aPushLivesAsLongAsItsKindIsWorth() {
    Push ring = read(SampleRequest.apple());
    assertEquals(ManualTime.START, ring.bornAt());
    assertEquals(Duration.ofSeconds(64).toMillis(), ring.remaining(time.now()));

    time.advance(Duration.ofSeconds(5));
    Push message = read(SampleRequest.apple().withText("event", "message"));
    assertEquals(ManualTime.START + 5000, message.bornAt());
    assertEquals(Duration.ofHours(2).toMillis(), message.remaining(time.now()));
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "\"20\", 20000", "2.5, 2500", "64, 64000", "64.001, 64000", "9999, 64000"})
  void aRingLivesAsLongAsItsSenderSaysAndNoLongerThanTheApplicationAllows(String ttl, long life) {
    Push ring = read(SampleRequest.apple().with("ttl", ttl));
    assertEquals(life, ring.remaining(time.now()));
    Push cancel = read(SampleRequest.apple().withText("event", "cancel").with("ttl", ttl));
    assertEquals(life, cancel.remaining(time.now()));
  }

  @Test
  void aMessageMayLiveUntilItsOwnDeadline() {
    SampleRequest message = SampleRequest.apple().withText("event", "message");
    assertEquals(600_000, read(message.with("ttl", "600")).remaining(time.now()));
    assertEquals(7_200_000, read(message.with("ttl", "99999")).remaining(time.now()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0.999",
        "-1",
        "\"1e1\"",
        "\"soon\"",
        "true",
        "[]",
        "\"1.2345\"",
        "1234567890"
      })
  void aTtlThatIsNoneIs400(String ttl) {
    RequestRefused refusal = refusal(SampleRequest.apple().with("ttl", ttl));
    assertEquals(400, refusal.status());
    assertTrue(
        refusal
            .description()
            .startsWith("Field 'ttl' must be a number of seconds, 1 or more, not "),
        refusal::description);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-0.5", "\"never\"", "{}"})
  void aWaitThatIsNoneIs400(String wait) {
    RequestRefused refusal = refusal(SampleRequest.apple().with("wait", wait));
    assertTrue(
        refusal
            .description()
            .startsWith("Field 'wait' must be a number of seconds, 0 or more, not "),
        refusal::description);
  }

  @Test
  void everyPushHasARandomIdOfItsOwn() {
    Push one = read(SampleRequest.apple());
    Push two = read(SampleRequest.apple());
    assertNotEquals(one.id(), two.id());
    assertEquals(4, one.id().version());
    assertEquals(2, one.id().variant());
  }

  @ParameterizedTest
  @CsvSource({
    "ios, apple", "apns, apple", "apple, apple", "apns.dev, apple",
    "Apple, apple", "IOS, apple", "APNS, apple", "ApNs.DEV, apple",
    "android, firebase", "fcm, firebase", "firebase, firebase", "google, firebase",
    "FCM, firebase", "Google, firebase"
  })
  void platformsHaveSynonyms(String name, String canonical) {
    SampleRequest request =
        canonical.equals("apple") ? SampleRequest.apple() : SampleRequest.firebase();
    assertEquals(canonical, read(request.withText("platform", name)).app().platform());
  }

  @Test
  void aCustomPlatformGoesByItsOwnName() {
    assertEquals("pigeon", read(SampleRequest.custom()).app().platform());
    assertEquals("loft-3/west", read(SampleRequest.custom()).device().token());
  }

  @ParameterizedTest
  @ValueSource(strings = {"windows", "Windows", "apn", "apns.prod", "Apple", "IOS", "APNS"})
  void anUnknownPlatformIs404WhateverElseIsWrong(String name) {
    assertRefused(
        404,
        "Platform '" + name + "' is not configured",
        SampleRequest.apple().withText("platform", name).without("token").with("silent", "[]"));
  }

  @Test
  void anApplicationWhoseSectionIsDisabledIs503AndSaysWhichAndWhy() {
    dispatcher.disable("com.example.off", AppKey.APPLE, "off-ios", "apple_key: there is no file k");
    SampleRequest request = SampleRequest.apple().withText("app-id", "com.example.off");
    assertRefused(
        503,
        "Application 'com.example.off' cannot be used on platform 'apple': its section [off-ios] is"
            + " disabled: apple_key: there is no file k",
        request);
    assertEquals(30, refusal(request).retryAfter());
  }

  @Test
  void anUnknownApplicationIs404WhateverElseIsWrong() {
    assertRefused(
        404,
        "Application 'no.such.app' is not configured for platform 'apple'",
        SampleRequest.apple()
            .withText("app-id", "no.such.app")
            .withText("platform", "ios")
            .without("call-id"));
  }

  @Test
  void applicationAndPlatformAreAskedForFirst() {
    assertRefused(
        400, "Field 'app-id' required", SampleRequest.apple().without("app-id", "platform"));
    assertRefused(400, "Field 'app-id' required", SampleRequest.apple().withText("app-id", ""));
    assertRefused(400, "Field 'platform' required", SampleRequest.apple().with("platform", "null"));
    assertRefused(
        400,
        "Field 'app-id' must be a string, not true",
        SampleRequest.apple().with("app-id", "true"));
  }

  @Test
  void aNumberIsNoPlatform() {
    assertEquals(404, refusal(SampleRequest.apple().with("app-id", "7")).status());
    assertRefused(
        400,
        "Field 'platform' must be a string, not 5",
        SampleRequest.apple().with("platform", "5"));
  }

  @Test
  void missingFieldsAreNamedTogether() {
    assertRefused(
        400,
        "Fields 'event', 'token', 'call-id', 'from', 'to', 'media-type' required",
        SampleRequest.apple().without("event", "token", "call-id", "from", "to", "media-type"));
    assertRefused(400, "Field 'from' required", SampleRequest.apple().with("from", "null"));
    assertRefused(400, "Field 'token' required", SampleRequest.apple().withText("token", ""));
    assertRefused(
        400, "Field 'media-type' required", SampleRequest.apple().withText("media-type", ""));
  }

  @Test
  void anonymousCallsAreCallsToo() {
    Push push =
        read(
            SampleRequest.apple()
                .withText("call-id", "")
                .withText("from", "")
                .withText("to", "")
                .withText("from-display-name", ""));
    assertEquals("", push.callId());
    assertEquals("", push.details().from());
    assertNull(push.details().fromDisplayName());
  }

  @Test
  void aMissingEventIsTheTypesDefaultOrAnError() {
    assertEquals(Event.INCOMING_SESSION, read(SampleRequest.linphone().without("event")).event());
    assertEquals(
        Event.INCOMING_SESSION, read(SampleRequest.linphone().withText("event", "")).event());
    assertEquals(
        Event.INCOMING_SESSION, read(SampleRequest.linphone().with("event", "null")).event());
    assertRefused(400, "Field 'event' required", SampleRequest.apple().withText("event", ""));
  }

  @Test
  void anEventThatTheTypeDoesNotKnowIs400() {
    assertRefused(
        400,
        "Field 'event' must be 'incoming_session', not 'message'",
        SampleRequest.linphone().withText("event", "message"));
    assertRefused(
        400,
        "Field 'event' must be one of 'incoming_session', 'incoming_conference_request',"
            + " 'cancel', 'message', 'transfer', not 'bogus'",
        SampleRequest.apple().withText("event", "bogus"));
  }

  @Test
  void aTypeMayKnowSynonymsForEvents() {
    assertEquals(
        Event.INCOMING_CONFERENCE,
        read(SampleRequest.apple().withText("event", "incoming_conference")).event());
  }

  @Test
  void aCancelNeedsNoMediaTypeAndMindsNone() {
    SampleRequest cancel = SampleRequest.apple().withText("event", "cancel");
    assertEquals("audio", read(cancel).details().mediaType());
    assertNull(read(cancel.withText("media-type", "bogus")).details().mediaType());
    assertNull(read(cancel.withText("media-type", "")).details().mediaType());
    assertNull(read(cancel.without("media-type")).details().mediaType());
  }

  @Test
  void anUnknownMediaTypeIs400() {
    assertRefused(
        400,
        "Field 'media-type' must be one of audio, video, image, chat, sms, file-transfer, or a"
            + " list of them, not 'bogus'",
        SampleRequest.apple().withText("media-type", "bogus"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "1", "\"1\"", "\"true\"", "\"True\"", "\"yes\"", "\"on\""})
  void silentHasManySpellings(String json) {
    assertTrue(read(SampleRequest.apple().with("silent", json)).details().silent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "0", "\"0\"", "\"false\"", "\"False\"", "\"no\"", "\"off\""})
  void notSilentHasManySpellings(String json) {
    assertFalse(read(SampleRequest.apple().with("silent", json)).details().silent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\"maybe\"", "2", "1.5", "{}", "[true]"})
  void silentIsYesOrNo(String json) {
    assertTrue(
        refusal(SampleRequest.apple().with("silent", json))
            .description()
            .startsWith("Field 'silent' must be true or false (or 1, 0, yes, no), not "));
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "'\"7\"', 7", "0, 0", "2147483647, 2147483647"})
  void aBadgeIsANumberOrItsText(String json, int badge) {
    assertEquals(badge, read(SampleRequest.apple().with("badge", json)).details().badge());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"many\"", "-1", "1.5", "true", "{}", "2147483648", "\"\"", "[3]"})
  void aBadgeIsAWholeNumber(String json) {
    assertTrue(
        refusal(SampleRequest.apple().with("badge", json))
            .description()
            .startsWith("Field 'badge' must be a whole number from 0 to 2147483647, not "));
  }

  @Test
  void numbersAreTakenForText() {
    Push push = read(SampleRequest.apple().with("token", "42").with("call-id", "12345"));
    assertEquals("42", push.device().token());
    assertEquals("12345", push.callId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "call-id", "from", "to", "account", "device-id", "content"})
  void textIsNoObject(String name) {
    assertRefused(
        400,
        "Field '" + name + "' must be a string, not an object",
        SampleRequest.apple().with(name, "{\"a\": 1}"));
    assertRefused(
        400,
        "Field '" + name + "' must be a string, not an array",
        SampleRequest.apple().with(name, "[]"));
    assertRefused(
        400,
        "Field '" + name + "' must be a string, not false",
        SampleRequest.apple().with(name, "false"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Field.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FROM_DISPLAY_NAME", "REASON", "FILENAME", "CONTENT", "EXCEPT"})
  void noControlCharacterPasses(Field field) {
    RequestRefused refusal =
        refusal(SampleRequest.apple().withText(field.wireName(), "a\r\nX-Evil: 1"));
    assertEquals(400, refusal.status());
    assertTrue(refusal.description().chars().noneMatch(Character::isISOControl));
  }

  @Test
  void aMessagesContentHasLinesButNoOtherControls() {
    SampleRequest message = SampleRequest.apple().withText("content", "a\r\n\tb\0c\u0085d");
    assertEquals("a\r\n\tb c d", read(message).details().content());
  }

  private PushReader.ReadPush whole(byte[] body) {
    return reader.read(body, SampleRequest.JSON, SampleRequest.CALLER);
  }

  private static byte[] bytes(SampleRequest request, String mark, String latin1) {
    return request
        .toString()
        .replace(mark, latin1)
        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "Bob \\ud83d, Bob \ufffd",
    "\\udc00Bob, \ufffdBob",
    "Bob\\tSmith, Bob Smith",
    "Bob\tSmith, Bob Smith",
    "B\u00e4r, B\ufffdr",
    "\u00c3, \ufffd",
  })
  void aNameThatIsNotFitToBeShownIsMendedAndThePhoneRings(String sent, String shown) {
    SampleRequest request = SampleRequest.apple().withText("from-display-name", "MARK");
    PushReader.ReadPush read = whole(bytes(request, "MARK", sent));
    assertEquals(shown, read.push().details().fromDisplayName());
    assertEquals(List.of("from-display-name"), read.mended());
  }

  @Test
  void aNameThatIsTooLongIsCut() {
    String name = "a".repeat(1023) + "📞";
    PushReader.ReadPush read =
        whole(SampleRequest.apple().withText("from-display-name", name).bytes());
    assertEquals("a".repeat(1023), read.push().details().fromDisplayName());
    assertEquals(List.of("from-display-name"), read.mended());
    String fits = "a".repeat(1022) + "📞";
    read = whole(SampleRequest.apple().withText("from-display-name", fits).bytes());
    assertEquals(fits, read.push().details().fromDisplayName());
    assertEquals(List.of(), read.mended());
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "call-id", "from", "to", "device-id", "account"})
  void whatNamesSomethingMustBeUtf8(String name) {
    SampleRequest request = SampleRequest.firebase().withText(name, "MARK");
    RequestRefused refusal =
        assertThrows(RequestRefused.class, () -> whole(bytes(request, "MARK", "B\u00e4r")));
    assertEquals(
        "The body must be JSON in UTF-8: it has bytes that are not UTF-8", refusal.description());
  }

  @Test
  void halfACharacterIsNoText() {
    byte[] body =
        SampleRequest.apple()
            .toString()
            .replace("Y2NlNzg0", "x\\ud800y")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    RequestRefused refusal =
        assertThrows(
            RequestRefused.class,
            () -> reader.read(body, SampleRequest.JSON, SampleRequest.CALLER));
    assertEquals(
        "Field 'call-id' has half a character (a lone surrogate) at character 2",
        refusal.description());
    assertEquals("📞", read(SampleRequest.apple().withText("call-id", "📞")).callId());
  }

  @ParameterizedTest
  @EnumSource(
      value = Field.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "SILENT",
        "BADGE",
        "FROM_DISPLAY_NAME",
        "REASON",
        "FILENAME",
        "CONTENT",
        "EXCEPT",
        "TTL",
        "WAIT"
      })
  void everyTextHasALimit(Field field) {
    assertRefused(
        400,
        "Field '%s' has %s characters; at most %s are allowed"
            .formatted(field.wireName(), field.limit() + 1, field.limit()),
        SampleRequest.apple().withText(field.wireName(), "a".repeat(field.limit() + 1)));
  }

  @ParameterizedTest
  @CsvSource({
    "<urn:uuid:0cafe>, 0cafe",
    "urn:uuid:0cafe, 0cafe",
    "URN:UUID:0cafe, 0cafe",
    "<0cafe>, 0cafe",
    "0cafe, 0cafe",
    "0CAFE, 0CAFE",
    "\"<urn:uuid:0cafe>\", 0cafe",
    "<\"urn:uuid:0cafe\">, 0cafe",
    "\"0cafe\", 0cafe",
    "' <urn:uuid:0cafe> ', 0cafe",
    "<urn:uuid:0cafe, 0cafe",
    "<>,",
    "<urn:uuid:>,",
    "'',"
  })
  void aDeviceIdLosesItsWrapping(String sent, String id) {
    assertEquals(id, read(SampleRequest.apple().withText("device-id", sent)).device().id());
  }

  @Test
  void ofTwoAppleTokensTheFirstRings() {
    SampleRequest request = SampleRequest.apple().withText("token", "aa11-bb22");
    assertEquals("aa11", read(request).device().token());
    assertEquals("aa11-bb22", read(request).device().registration());
    assertEquals("bb22", read(request.withText("event", "cancel")).device().token());
    assertEquals("bb22", read(request.withText("event", "message")).device().token());
  }

  @ParameterizedTest
  @ValueSource(strings = {"aa11#bb22", "aa11:voip&bb22:remote", "bb22:remote&aa11:voip"})
  void whatIsToldBackOfTwoTokensIsWhatWasReceived(String token) {
    SampleRequest request = SampleRequest.apple().withText("token", token);
    assertEquals("aa11", read(request).device().token());
    assertEquals(token, read(request).device().registration());
    assertFalse(read(request).device().withoutVoip());
    assertEquals("bb22", read(request.withText("event", "cancel")).device().token());
  }

  @ParameterizedTest
  @CsvSource({"-bb22,", "'#bb22',", "bb22:remote,", "bb22, remote", "bb22, Remote"})
  void aPhoneMayHaveNoTokenForVoip(String token, String kind) {
    SampleRequest request = SampleRequest.apple().withText("token", token);
    request = kind == null ? request : request.withText("token-kind", kind);
    Device device = read(request).device();
    assertEquals("bb22", device.token());
    assertEquals(token, device.registration());
    assertTrue(device.withoutVoip());
    assertEquals("bb22", read(request.withText("event", "cancel")).device().token());
  }

  @Test
  void aLoneTokenForVoipIsNotUsedForACancel() {
    SampleRequest request =
        SampleRequest.apple().withText("token", "aa11").withText("token-kind", "voip");
    assertEquals("aa11", read(request).device().token());
    assertFalse(read(request).device().withoutVoip());
    PushReader.ReadPush cancel =
        reader.read(
            request.withText("event", "cancel").bytes(), SampleRequest.JSON, SampleRequest.CALLER);
    assertEquals(
        "Field 'token' has only a token for calls, and 'cancel' is none",
        cancel.refusal().description(),
        "and all that it can do is withdraw a ring");
    assertRefused(
        400,
        "Field 'token' has only a token for calls, and 'message' is none",
        request.withText("event", "message"));
  }

  @Test
  void aTokenThatDoesNotSayItsKindIsForAll() {
    assertFalse(read(SampleRequest.apple()).device().withoutVoip());
  }

  @Test
  void onlyAppleHasKindsOfTokens() {
    SampleRequest request = SampleRequest.firebase().withText("token-kind", "remote");
    assertEquals(SampleRequest.FCM_TOKEN, read(request).device().token());
    assertFalse(read(request).device().withoutVoip());
    assertRefused(
        400,
        "Field 'token-kind' must be 'voip' or 'remote', not 'alert'",
        request.withText("token-kind", "alert"));
  }

  @Test
  void aRefusalNeverRepeatsTheToken() {
    RequestRefused refusal = refusal(SampleRequest.apple().withText("token", "secret-secret"));
    assertFalse(refusal.description().contains("secret"));
    assertEquals(400, refusal.status());
  }

  @Test
  void namesThatAreNotOursAreSkipped() {
    Push push =
        read(
            SampleRequest.apple()
                .with("x", "{\"token\": [1, {\"call-id\": null}]}")
                .with("y", "[[], \"\"]"));
    assertEquals(SampleRequest.APPLE_TOKEN, push.device().token());
  }

  private static SampleRequest wake() {
    return SampleRequest.apple()
        .withText("app-id", "com.example.sleepy")
        .withText("event", "wake")
        .withText("token", "aa-bb")
        .without("call-id", "from", "to", "media-type");
  }

  @Test
  void aWakeUpNeedsNothingButADeviceAndGoesToItsRemoteToken() {
    dispatcher.with("com.example.sleepy", AppKey.APPLE, new SylkApplication());
    Push wake = read(wake());
    assertEquals(Event.WAKE, wake.event());
    assertEquals("bb", wake.device().token());
    assertEquals("", wake.callId());
    assertFalse(wake.event().kind().isCall());
    assertEquals(120_000, wake.remaining(time.now()), "a registration does not last longer");
    assertEquals(30_000, read(wake().with("ttl", "30")).remaining(time.now()));
    assertEquals(120_000, read(wake().with("ttl", "600")).remaining(time.now()));
    assertEquals("bb", read(wake().withText("media-type", "pigeon")).device().token());
  }

  @Test
  void aTokenThatIsForCallsCannotWake() {
    dispatcher.with("com.example.sleepy", AppKey.APPLE, new SylkApplication());
    assertRefused(
        400,
        "Field 'token' must be VOIP-REMOTE, -REMOTE or REMOTE:remote for this event: a lone token is"
            + " taken for one that rings",
        wake().withText("token", "aa"));
    assertRefused(
        400,
        "Field 'token' has only a token for calls, and 'wake' is none",
        wake().withText("token", "aa:voip"));
    assertEquals(
        "aa",
        read(wake().withText("token", "aa").withText("token-kind", "remote")).device().token());
  }

  @Test
  void aTypeThatKnowsNoWakeUpRefusesIt() {
    RequestRefused refusal = refusal(SampleRequest.apple().withText("event", "wake"));
    assertEquals(400, refusal.status());
    assertTrue(refusal.description().endsWith(", not 'wake'"), refusal::description);
  }
}
