// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.spi.SamplePush.BORN;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

class ApplePayloadTest {
  private static final long SECOND = BORN / 1000;

  private final ApplePayload maker = new CallIdOnly();

  @ParameterizedTest
  @CsvSource({
    "incoming_session, com.example.phone, com.example.phone.voip",
    "incoming_session, com.example.phone.dev, com.example.phone.voip",
    "incoming_session, com.example.phone.prod, com.example.phone.voip",
    "incoming_session, com.example.phone.voip, com.example.phone.voip",
    "incoming_session, com.example.developer, com.example.developer.voip",
    "cancel, com.example.phone.dev, com.example.phone",
    "message, com.example.phone.prod, com.example.phone",
    "transfer, com.example.phone, com.example.phone",
  })
  void theTopicIsTheBundleIdAndOnlyARingIsForVoip(String event, String appId, String topic) {
    assertEquals(topic, header("apns-topic", SamplePush.of(event(event)).appId(appId), BORN));
  }

  @ParameterizedTest
  @CsvSource({
    "incoming_session, voip, 10",
    "incoming_conference_request, voip, 10",
    "cancel, background, 5",
    "message, alert, 5",
    "transfer, alert, 5",
  })
  void theEventDecidesTypeAndPriority(String event, String type, String priority) {
    SamplePush sample = SamplePush.of(event(event));
    assertEquals(type, header("apns-push-type", sample, BORN));
    assertEquals(priority, header("apns-priority", sample, BORN));
  }

  @Test
  void theExpirationIsADateOneLifetimeAfterTheAttempt() {
    SamplePush message = SamplePush.of(Event.MESSAGE).life(7_200_000);
    assertEquals(SECOND + 120, expiration(message, BORN));
    assertEquals(SECOND + 3720, expiration(message, BORN + 3_600_000));
  }

  @Test
  void theExpirationNeverLiesAfterTheDeadline() {
    SamplePush ring = SamplePush.of(Event.INCOMING_SESSION).life(64_999);
    assertEquals(SECOND + 64, expiration(ring, BORN));
    assertEquals(SECOND + 64, expiration(ring, BORN + 63_999));
  }

  @Test
  void inItsLastSecondAPushIsNotStored() {
    SamplePush ring = SamplePush.of(Event.INCOMING_SESSION).life(64_999);
    assertEquals(0, expiration(ring, BORN + 64_000));
    assertEquals(0, expiration(ring, BORN + 64_998));
  }

  @Test
  void aBackgroundPushHasNothingButContentAvailableInAps() {
    JsonObject body = body(maker, SamplePush.of(Event.CANCEL));
    assertEquals(new JsonObject().put("content-available", 1), body.getJsonObject("aps"));
    assertEquals("call@example.com", body.getString("call-id"));
  }

  @Test
  void otherPushesContainOnlyWhatTheSubclassWrites() {
    assertEquals(
        Set.of("call-id"), body(maker, SamplePush.of(Event.INCOMING_SESSION)).fieldNames());
  }

  @Test
  void aPhoneWithoutAVoipTokenIsShownTheCallAtOnce() {
    assertEquals(
        Map.of(
            "apns-topic", "com.example.phone",
            "apns-push-type", "alert",
            "apns-priority", "10",
            "apns-expiration", Long.toString(SECOND + 64)),
        maker.make(SamplePush.of(Event.INCOMING_SESSION).withoutVoip().push(), BORN).headers());
  }

  @ParameterizedTest
  @CsvSource({"cancel, background", "message, alert", "transfer, alert"})
  void toThatPhoneAllElseGoesAsToAnyOther(String event, String type) {
    SamplePush sample = SamplePush.of(event(event)).withoutVoip();
    assertEquals(type, header("apns-push-type", sample, BORN));
    assertEquals("5", header("apns-priority", sample, BORN));
  }

  @Test
  void whatASubclassSaysOfARingHoldsForThatPhoneToo() {
    ApplePayload background =
        new CallIdOnly() {
          @Override
          protected ApplePushType pushType(Push push) {
            return ApplePushType.BACKGROUND;
          }
        };
    Push ring = SamplePush.of(Event.INCOMING_SESSION).withoutVoip().push();
    assertEquals("5", background.make(ring, BORN).headers().get("apns-priority"));
  }

  @Test
  void aSubclassOverridesOnlyWhatDiffers() {
    ApplePayload custom =
        new CallIdOnly() {
          @Override
          protected int priority(Push push) {
            return 1;
          }

          @Override
          protected Duration lifetime(Push push) {
            return Duration.ofSeconds(30);
          }

          @Override
          protected ApplePushType pushType(Push push) {
            return ApplePushType.ALERT;
          }
        };
    assertEquals(
        Map.of(
            "apns-topic", "com.example.phone",
            "apns-push-type", "alert",
            "apns-priority", "1",
            "apns-expiration", Long.toString(SECOND + 30)),
        custom.make(SamplePush.of(Event.INCOMING_SESSION).push(), BORN).headers());
  }

  private static Event event(String name) {
    return switch (name) {
      case "cancel" -> Event.CANCEL;
      case "message" -> Event.MESSAGE;
      case "transfer" -> Event.TRANSFER;
      case "incoming_conference_request" -> Event.INCOMING_CONFERENCE;
      default -> Event.INCOMING_SESSION;
    };
  }

  private long expiration(SamplePush sample, long now) {
    return Long.parseLong(header("apns-expiration", sample, now));
  }

  private String header(String name, SamplePush sample, long now) {
    return maker.make(sample.push(), now).headers().get(name);
  }

  private static JsonObject body(ApplePayload maker, SamplePush sample) {
    return maker.make(sample.push(), BORN).body().toJsonObject();
  }

  private static class CallIdOnly extends ApplePayload {
    @Override
    protected void writeFields(JsonGenerator json, Push push) throws IOException {
      json.writeStringField("call-id", push.callId());
    }
  }
}
