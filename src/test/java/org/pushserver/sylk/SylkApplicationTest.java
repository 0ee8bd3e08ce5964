// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.spi.SamplePush.BORN;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;

class SylkApplicationTest {
  private final ApplicationType sylk = new SylkApplication();

  @Test
  void itIsFoundByItsName() {
    assertTrue(
        ServiceLoader.load(ApplicationType.class).stream()
            .map(ServiceLoader.Provider::get)
            .anyMatch(type -> type instanceof SylkApplication && type.name().equals("sylk")));
  }

  @Test
  void itListsItsEventsInOrderAndHasNoDefault() {
    assertEquals(
        List.of(
            "incoming_session",
            "incoming_conference_request",
            "cancel",
            "message",
            "transfer",
            "wake"),
        sylk.events().stream().map(Event::name).toList());
    assertEquals(Optional.empty(), sylk.defaultEvent());
  }

  @Test
  void aConferenceHasTwoNames() {
    assertEquals(Optional.of(Event.INCOMING_CONFERENCE), sylk.event("incoming_conference"));
    assertEquals(Optional.of(Event.INCOMING_CONFERENCE), sylk.event("incoming_conference_request"));
    assertEquals(Optional.empty(), sylk.event("bogus"));
  }

  @Test
  void itExistsOnlyForAppleAndFirebase() {
    assertEquals(Optional.empty(), sylk.payloadMaker("carrier-pigeon"));
  }

  @Test
  void aWakeUpOfAnIphoneIsABackgroundPushThatShowsNothing() {
    SamplePush wake = SamplePush.of(Event.WAKE).callId("1@x");
    Payload payload = sylk.payloadMaker(AppKey.APPLE).orElseThrow().make(wake.push(), BORN);
    assertEquals("background", payload.headers().get("apns-push-type"));
    assertEquals("5", payload.headers().get("apns-priority"));
    assertEquals("com.example.phone", payload.headers().get("apns-topic"));
    assertEquals(
        new JsonObject()
            .put("aps", new JsonObject().put("content-available", 1))
            .put("event", "wake")
            .put("call-id", "1@x"),
        apple(wake));
    assertFalse(apple(SamplePush.of(Event.WAKE).callId("")).containsKey("call-id"));
  }

  @Test
  void aWakeUpOfAnAndroidPhoneIsDataOfNormalPriority() {
    JsonObject message = message(SamplePush.of(Event.WAKE).callId(""));
    assertEquals(new JsonObject().put("event", "wake"), message.getJsonObject("data"));
    assertEquals("normal", message.getJsonObject("android").getString("priority"));
    assertFalse(message.containsKey("notification"));
    assertFalse(message.containsKey("apns"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mid-BYE", "mid-INVITE", "ini-SUBSCRIBE", "urgent"})
  void aWakeUpThatSomebodyWaitsForIsOfHighPriority(String reason) {
    JsonObject message = message(SamplePush.of(Event.WAKE).reason(reason));
    assertEquals("high", message.getJsonObject("android").getString("priority"));
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"reg-refresh", "midnight"})
  void aWakeUpThatNobodyWaitsForIsNot(String reason) {
    JsonObject message = message(SamplePush.of(Event.WAKE).reason(reason));
    assertEquals("normal", message.getJsonObject("android").getString("priority"));
  }

  @ParameterizedTest
  @CsvSource({
    "audio, Alice, Incoming call, From Alice",
    "video, Alice, Incoming video call, From Alice",
    "audio, , Incoming call, From sip:alice@example.com"
  })
  void aPhoneWithoutAVoipTokenShowsTheCall(String media, String name, String title, String text) {
    SamplePush sample = SamplePush.of(Event.INCOMING_SESSION).displayName(name).mediaType(media);
    JsonObject called = apple(sample);
    JsonObject shown = apple(sample.withoutVoip());
    assertEquals(
        new JsonObject()
            .put("alert", new JsonObject().put("title", title).put("body", text))
            .put("sound", "default")
            .put("mutable-content", 1),
        shown.remove("aps"));
    assertEquals(called, shown);
  }

  @ParameterizedTest
  @NullAndEmptySource
  void aCallerWithoutANameIsShownByAddressOnFirebase(String name) {
    SamplePush ring = SamplePush.of(Event.INCOMING_SESSION).displayName(name);
    assertEquals("sip:alice@example.com", data(ring).getString("from_display_name"));
  }

  @Test
  void anAbsentNameIsANullOnApple() {
    JsonObject body = apple(SamplePush.of(Event.INCOMING_SESSION).displayName(null));
    assertTrue(body.containsKey("from_display_name"));
    assertNull(body.getValue("from_display_name"));
  }

  @ParameterizedTest
  @NullAndEmptySource
  void aMessageFromNobodyByNameIsTitledNewMessage(String name) {
    SamplePush message = SamplePush.of(Event.MESSAGE).displayName(name);
    assertEquals(
        "New message",
        apple(message).getJsonObject("aps").getJsonObject("alert").getString("title"));
  }

  @ParameterizedTest
  @CsvSource({
    "audio, New audio message",
    "video, New video message",
    "image, New file",
    "file-transfer, New file",
    ", New file",
  })
  void theTitleOfATransferNamesRecordings(String mediaType, String title) {
    SamplePush transfer = SamplePush.of(Event.TRANSFER).mediaType(mediaType);
    assertEquals(
        title, apple(transfer).getJsonObject("aps").getJsonObject("alert").getString("title"));
    assertEquals(title, message(transfer).getJsonObject("notification").getString("title"));
  }

  @Test
  void onlyAConferenceNamesTheInvitedAccount() {
    SamplePush conference = SamplePush.of(Event.INCOMING_CONFERENCE).account("bob@example.com");
    SamplePush call = SamplePush.of(Event.INCOMING_SESSION).account("bob@example.com");
    assertEquals("bob@example.com", apple(conference).getString("account"));
    assertEquals("bob@example.com", data(conference).getString("account"));
    assertFalse(apple(call).containsKey("account"));
    assertFalse(data(call).containsKey("account"));
  }

  @Test
  void everyValueOfFirebaseDataIsAString() {
    for (Event event : sylk.events()) {
      data(SamplePush.of(event).displayName(null))
          .forEach(entry -> assertTrue(entry.getValue() instanceof String, entry.toString()));
    }
  }

  @Test
  void onlyATransferIsShownByAndroidItself() {
    for (Event event : sylk.events()) {
      assertEquals(
          event.equals(Event.TRANSFER),
          message(SamplePush.of(event)).containsKey("notification"),
          event.name());
    }
  }

  @Test
  void namesAndContentCannotBreakOutOfTheirFields() {
    String nasty = "\"},\"aps\":{\n\\ \ud83d 😀";
    String arrived = nasty.replace("\ud83d ", "\uFFFD ");
    SamplePush message = SamplePush.of(Event.MESSAGE).displayName(nasty).content(nasty);
    JsonObject data = apple(message).getJsonObject("data");
    assertEquals(arrived, data.getString("from_display_name"));
    assertEquals(arrived, data.getString("content"));
    assertEquals(arrived, data(message).getString("content"));
    assertEquals("message", data.getString("event"));
  }

  private JsonObject apple(SamplePush sample) {
    return body(AppKey.APPLE, sample);
  }

  private JsonObject data(SamplePush sample) {
    return message(sample).getJsonObject("data");
  }

  private JsonObject message(SamplePush sample) {
    return body(AppKey.FIREBASE, sample).getJsonObject("message");
  }

  private JsonObject body(String platform, SamplePush sample) {
    return sylk.payloadMaker(platform)
        .orElseThrow()
        .make(sample.push(), BORN)
        .body()
        .toJsonObject();
  }
}
