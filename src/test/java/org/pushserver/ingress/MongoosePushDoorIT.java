// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.config.ForeignDoor;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** What MongooseIM, and other clients of MongoosePush, send. */
@Timeout(60)
class MongoosePushDoorIT {
  private static final String PATH = "/v3/notification/";

  /** As MongooseIM makes it of a chat message. */
  private static final String MESSAGE =
      "{\"service\":\"fcm\",\"mode\":\"prod\",\"alert\":{\"body\":\"Hello\","
          + "\"title\":\"alice@example.com\",\"tag\":\"alice@example.com\",\"badge\":2}}";

  @RegisterExtension
  private final ForeignSender sender = ForeignSender.at(ForeignDoor.MONGOOSEPUSH);

  private RawClient.Answer notify(String body) throws IOException {
    return sender.post(PATH + SampleRequest.FCM_TOKEN, body);
  }

  @Test
  void aCallRingsThePhone() throws IOException {
    RawClient.Answer answer =
        sender.post(
            PATH + SampleRequest.APPLE_TOKEN,
            "{\"service\":\"apns\",\"mode\":\"prod\",\"priority\":\"high\","
                + "\"topic\":\"com.example.phone.voip\",\"time_to_live\":60,"
                + "\"mutable_content\":false,\"tags\":[\"voip\"],\"alert\":{\"body\":\"Alice\","
                + "\"title\":\"Call\",\"badge\":1,\"sound\":\"default\",\"click_action\":\"…\","
                + "\"tag\":\"…\"},\"data\":{\"call-id\":\"1@x\"}}");
    assertEquals(200, answer.status());
    assertEquals("application/json", answer.headers().get("content-type"));
    assertEquals("null", answer.body());
    Push push = sender.push();
    assertEquals(new AppKey("com.example.phone", AppKey.APPLE), push.app());
    assertEquals(SampleRequest.APPLE_TOKEN, push.device().token());
    assertEquals(Event.INCOMING_SESSION, push.event());
    assertEquals("1@x", push.callId());
    assertEquals("Alice", push.details().fromDisplayName());
    assertFalse(push.device().withoutVoip());
    assertEquals(60_000, push.deadline() - push.bornAt());
  }

  @Test
  void aMessageIsFromWhomItsTitleNames() throws IOException {
    assertEquals(200, notify(MESSAGE).status());
    Push push = sender.push();
    assertEquals(new AppKey(ForeignSender.APP, AppKey.FIREBASE), push.app());
    assertEquals(Event.MESSAGE, push.event());
    assertEquals("alice@example.com", push.details().from());
    assertEquals("Hello", push.details().content());
    assertEquals(2, push.details().badge());
  }

  @Test
  void aSilentMessageHasItInItsData() throws IOException {
    String body =
        "{\"service\":\"fcm\",\"data\":{\"message-count\":1,"
            + "\"last-message-sender\":\"alice@example.com\",\"last-message-body\":\"Hello\"}}";
    assertEquals(200, notify(body).status());
    assertEquals(Event.MESSAGE, sender.push().event());
    assertEquals("alice@example.com", sender.push().details().from());
    assertEquals("Hello", sender.push().details().content());
  }

  @Test
  void aTokenMayBeWrittenWithPercentSigns() throws IOException {
    String token = SampleRequest.FCM_TOKEN.replace(":", "%3A");
    assertEquals(200, sender.post(PATH + token, MESSAGE).status());
    assertEquals(SampleRequest.FCM_TOKEN, sender.push().device().token());
  }

  @ParameterizedTest
  @CsvSource({
    "DELIVERED, 200, 200, ",
    "SUPERSEDED, 409, 200, ",
    "DEAD_TOKEN, 410, 410, unregistered",
    "REFUSED, 400, 400, invalid_notification",
    "REFUSED, 401, 503, internal_config",
    "REFUSED, 403, 503, internal_config",
    "REFUSED, 413, 413, payload_too_large",
    "REFUSED, 500, 520, unspecified",
    "EXPIRED, 503, 503, unable_to_connect",
    "OVERLOADED, 503, 503, connection_lost",
    "ABANDONED, 503, 503, connection_lost"
  })
  void everyEndHasItsStatusAndReason(Outcome.Result result, int code, int status, String reason)
      throws IOException {
    sender.pushesEnd(ForeignSender.ended(result, code, "why"));
    RawClient.Answer answer = notify(MESSAGE);
    assertEquals(status, answer.status());
    assertEquals(reason == null ? "null" : "{\"reason\":\"" + reason + "\"}", answer.body());
  }

  @Test
  void anUnknownApplicationHasNoPool() throws IOException {
    RawClient.Answer answer = notify(MESSAGE.replace("\"mode\"", "\"topic\":\"x.y\",\"mode\""));
    assertEquals(400, answer.status());
    assertEquals("{\"reason\":\"no_matching_pool\"}", answer.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello | The body must be one JSON object",
        "{\"alert\":{}} | 'service' must be apns or fcm",
        "{\"service\":\"hms\",\"alert\":{}} | 'service' must be apns or fcm",
        "{\"service\":\"fcm\"} | There must be 'alert' or 'data'",
        "{\"service\":\"fcm\",\"data\":{},\"ttl\":1} | Unexpected field: 'ttl'",
        "{\"service\":\"fcm\",\"alert\":{\"text\":\"x\"}} | Unexpected field: 'text'",
        "{\"service\":\"fcm\",\"alert\":7} | 'alert' must be an object"
      })
  void whatIsNoRequestIsWrong(String body, String details) throws IOException {
    RawClient.Answer answer = notify(body);
    assertEquals(400, answer.status());
    assertEquals("{\"details\":\"" + details + "\"}", answer.body());
  }

  @Test
  void noLineHasTheWholeToken() throws IOException {
    try (LogTrail log = new LogTrail("org.pushserver.push", Level.INFO)) {
      assertEquals(400, notify("{}").status());
      assertEquals(200, notify(MESSAGE).status());
      assertEquals(
          405,
          sender
              .exchange("GET " + PATH + SampleRequest.FCM_TOKEN + " HTTP/1.1\r\nHost: x\r\n\r\n")
              .status());
      List<String> lines = log.lines();
      assertTrue(lines.size() >= 3);
      assertFalse(lines.toString().contains(SampleRequest.FCM_TOKEN), lines::toString);
    }
  }
}
