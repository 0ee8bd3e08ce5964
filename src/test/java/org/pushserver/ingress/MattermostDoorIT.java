// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.config.ForeignDoor;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** What Mattermost asks of its push proxy. */
@Timeout(60)
class MattermostDoorIT {
  private static final String PATH = "/api/v1/send_push";
  private static final String OK = "{\"status\":\"OK\"}";

  private static final String MESSAGE =
      "{\"server_id\":\"s1\",\"device_id\":\""
          + SampleRequest.APPLE_TOKEN
          + "\",\"platform\":\"apple_rn-v2\",\"type\":\"message\",\"message\":\"Hello\",\"badge\":4,"
          + "\"cont_ava\":1,\"channel_id\":\"c9\",\"channel_name\":\"Town Square\","
          + "\"sender_name\":\"Alice\",\"ack_id\":\"a1\",\"version\":\"v2\",\"is_id_loaded\":false}";

  @RegisterExtension
  private final ForeignSender mattermost = ForeignSender.at(ForeignDoor.MATTERMOST);

  private String sent(String body) throws IOException {
    RawClient.Answer answer = mattermost.post(PATH, body);
    assertEquals(200, answer.status());
    return answer.body();
  }

  @Test
  void aMessageIsAMessage() throws IOException {
    assertEquals(OK, sent(MESSAGE));
    Push push = mattermost.push();
    assertEquals(new AppKey(ForeignSender.APP, AppKey.APPLE), push.app());
    assertEquals(SampleRequest.APPLE_TOKEN, push.device().token());
    assertEquals(Event.MESSAGE, push.event());
    assertEquals("a1", push.callId());
    assertEquals("Alice", push.details().from());
    assertEquals("Alice", push.details().fromDisplayName());
    assertEquals("c9", push.details().to());
    assertEquals("Hello", push.details().content());
    assertEquals(4, push.details().badge());
  }

  @ParameterizedTest
  @CsvSource({"'\"transport\":\"voip\"', false", "'\"sub_type\":\"calls\"', true"})
  void aCallRingsThePhone(String call, boolean remote) throws IOException {
    String body = MESSAGE.replace("\"cont_ava\":1", call + ",\"post_id\":\"p7\"");
    assertEquals(OK, sent(body));
    assertEquals(Event.INCOMING_SESSION, mattermost.push().event());
    assertEquals("p7", mattermost.push().callId());
    assertEquals(remote, mattermost.push().device().withoutVoip());
  }

  @ParameterizedTest
  @CsvSource({
    "apple, apple",
    "apple_rn, apple",
    "apple_rnbeta-v1, apple",
    "android, firebase",
    "android_rn-v2, firebase"
  })
  void thePlatformIsWhatItBeginsWith(String name, String platform) throws IOException {
    assertEquals(OK, sent(MESSAGE.replace("apple_rn-v2", name)));
    assertEquals(platform, mattermost.push().app().platform());
  }

  @ParameterizedTest
  @ValueSource(strings = {"clear", "update_badge"})
  void whatTakesSomethingOffTheScreenIsNotSent(String type) throws IOException {
    assertEquals(OK, sent(MESSAGE.replace("\"message\",\"message\"", "\"" + type + "\",\"m\"")));
    assertTrue(mattermost.pushes().isEmpty());
  }

  @Test
  void aSessionThatRunsOutIsToldAsAMessage() throws IOException {
    assertEquals(OK, sent(MESSAGE.replace("\"type\":\"message\"", "\"type\":\"session\"")));
    assertEquals(Event.MESSAGE, mattermost.push().event());
  }

  @Test
  void aBadgeThatIsToStayIsLeftOut() throws IOException {
    assertEquals(OK, sent(MESSAGE.replace("\"badge\":4", "\"badge\":-1")));
    assertEquals(1, mattermost.push().details().badge());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELIVERED | {\"status\":\"OK\"}",
        "SUPERSEDED | {\"status\":\"OK\"}",
        "DEAD_TOKEN | {\"status\":\"REMOVE\"}",
        "REFUSED | {\"status\":\"FAIL\",\"error\":\"why\"}",
        "EXPIRED | {\"status\":\"FAIL\",\"error\":\"why\"}",
        "OVERLOADED | {\"status\":\"FAIL\",\"error\":\"why\"}"
      })
  void theBodySaysWhatBecameOfIt(Outcome.Result result, String body) throws IOException {
    mattermost.pushesEnd(ForeignSender.ended(result, 503, "why"));
    assertEquals(body, sent(MESSAGE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"server_id", "device_id", "platform", "type"})
  void whatIsMissingIsAFailure(String name) throws IOException {
    assertEquals(
        "{\"status\":\"FAIL\",\"error\":\"Failed because of missing '" + name + "'\"}",
        sent(MESSAGE.replace("\"" + name + "\":", "\"else\":")));
  }

  @Test
  void whatCannotBecomeAPushIsAFailure() throws IOException {
    for (String body : new String[] {"hello", MESSAGE.replace("apple_rn", "windows")}) {
      assertTrue(sent(body).startsWith("{\"status\":\"FAIL\",\"error\":"), body);
    }
    assertTrue(mattermost.pushes().isEmpty());
  }

  @Test
  void thatAPhoneHasGotItIsTakenNoteOf() throws IOException {
    RawClient.Answer answer =
        mattermost.post(
            "/api/v1/ack", "{\"id\":\"a1\",\"platform\":\"apple_rn\",\"type\":\"message\"}");
    assertEquals(200, answer.status());
    assertEquals(OK, answer.body());
    assertEquals(
        "{\"status\":\"FAIL\",\"error\":\"The body must be one JSON object\"}",
        mattermost.post("/api/v1/ack", "x").body());
  }
}
