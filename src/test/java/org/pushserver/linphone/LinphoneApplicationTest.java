// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.linphone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.spi.SamplePush.BORN;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;

class LinphoneApplicationTest {
  private final ApplicationType linphone = new LinphoneApplication(ZoneId.of("Europe/Berlin"));

  @Test
  void itIsFoundByItsName() {
    assertTrue(
        ServiceLoader.load(ApplicationType.class).stream()
            .map(ServiceLoader.Provider::get)
            .anyMatch(
                type -> type instanceof LinphoneApplication && type.name().equals("linphone")));
  }

  @Test
  void aCallIsItsDefaultAndItHasNoCancel() {
    assertEquals(List.of(Event.INCOMING_SESSION, Event.WAKE), linphone.events());
    assertEquals(Optional.of(Event.INCOMING_SESSION), linphone.defaultEvent());
    assertEquals(Optional.empty(), linphone.event("cancel"));
  }

  @Test
  void itExistsOnlyForAppleAndFirebase() {
    assertEquals(Optional.empty(), linphone.payloadMaker("carrier-pigeon"));
  }

  @Test
  void theSendTimeIsTheLocalTimeOfBirthOnEveryTry() {
    long born = Instant.parse("2026-07-14T22:05:09.987Z").toEpochMilli();
    Push push = SamplePush.of(Event.INCOMING_SESSION).bornAt(born).push();
    for (long age : new long[] {0, 30_000}) {
      assertEquals("2026-07-15 00:05:09", appleSendTime(push, born + age));
      assertEquals(
          "2026-07-15 00:05:09",
          make(AppKey.FIREBASE, push, born + age)
              .body()
              .toJsonObject()
              .getJsonObject("message")
              .getJsonObject("data")
              .getString("send-time"));
    }
  }

  @Test
  void appleMayTryForTenSecondsEachTime() {
    Push push = SamplePush.of(Event.INCOMING_SESSION).push();
    for (long age : new long[] {0, 30_000}) {
      assertEquals(
          Long.toString((BORN + age) / 1000 + 10),
          make(AppKey.APPLE, push, BORN + age).headers().get("apns-expiration"));
    }
  }

  @Test
  void theArgumentsOfAppleTextsAreAnArray() {
    Push push = SamplePush.of(Event.INCOMING_SESSION).silent(false).push();
    JsonObject aps = make(AppKey.APPLE, push, BORN).body().toJsonObject().getJsonObject("aps");
    assertEquals(
        new JsonArray().add("sip:alice@example.com"),
        aps.getJsonObject("alert").getValue("loc-args"));
  }

  @Test
  void aPhoneWithoutAVoipTokenShowsTheCallAlsoWhenItIsSilent() {
    SamplePush sample = SamplePush.of(Event.INCOMING_SESSION).withoutVoip();
    Payload shown = make(AppKey.APPLE, sample.silent(true).push(), BORN);
    assertEquals(make(AppKey.APPLE, sample.silent(false).push(), BORN).body(), shown.body());
    assertEquals("com.example.phone", shown.headers().get("apns-topic"));
    assertEquals("alert", shown.headers().get("apns-push-type"));
    assertEquals("10", shown.headers().get("apns-priority"));
  }

  @Test
  void aWakeUpShowsNothing() {
    Push push = SamplePush.of(Event.WAKE).callId("1@x").silent(false).push();
    Payload apple = make(AppKey.APPLE, push, BORN);
    assertEquals("background", apple.headers().get("apns-push-type"));
    assertEquals("5", apple.headers().get("apns-priority"));
    assertEquals("com.example.phone", apple.headers().get("apns-topic"));
    assertEquals(Long.toString(BORN / 1000 + 64), apple.headers().get("apns-expiration"));
    JsonObject body = apple.body().toJsonObject();
    assertEquals(new JsonObject().put("content-available", 1), body.remove("aps"));
    assertEquals(Set.of("call-id", "send-time"), body.fieldNames());
    JsonObject message =
        make(AppKey.FIREBASE, push, BORN).body().toJsonObject().getJsonObject("message");
    assertEquals("normal", message.getJsonObject("android").getString("priority"));
    assertEquals(Set.of("call-id", "send-time"), message.getJsonObject("data").fieldNames());
  }

  private String appleSendTime(Push push, long now) {
    return make(AppKey.APPLE, push, now)
        .body()
        .toJsonObject()
        .getJsonObject("aps")
        .getString("send-time");
  }

  private Payload make(String platform, Push push, long now) {
    return linphone.payloadMaker(platform).orElseThrow().make(push, now);
  }
}
