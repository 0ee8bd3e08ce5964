// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushResultTest {
  private static final String URL = "https://api.push.apple.com/3/device/6688ff9c";

  private static PushResult read(String json) {
    return PushResult.of(new JsonObject(json), MultiMap.caseInsensitiveMultiMap());
  }

  @Test
  void allThatWasAnsweredIsThere() {
    JsonObject reply =
        new JsonObject(
            """
            {"code": 400, "description": "push notification response", "data": {
              "body": {"reason": "BadTopic"}, "code": 400, "reason": "BadTopic", "url": "%s",
              "platform": "apple", "call_id": "4711@pbx", "token": "6688ff9c"}}
            """
                .formatted(URL));
    PushResult result =
        PushResult.of(reply, MultiMap.caseInsensitiveMultiMap().add("Retry-After", "30"));
    assertEquals(
        new PushResult(
            400,
            "push notification response",
            "BadTopic",
            URL,
            "apple",
            "4711@pbx",
            "6688ff9c",
            new JsonObject().put("reason", "BadTopic"),
            30,
            reply),
        result);
  }

  /** As the door answers what never became a push. */
  @Test
  void anAnswerWithoutDataHasEmptyTexts() {
    PushResult result = read("{\"code\": 404, \"description\": \"no such\", \"data\": \"\"}");
    assertEquals("no such", result.description());
    assertEquals("", result.reason() + result.url() + result.platform() + result.token());
    assertEquals(new JsonObject(), result.body());
    assertEquals(0, result.retryAfter());
  }

  @ParameterizedTest
  @CsvSource({
    // code, sent?, delivered, accepted, dead token, may retry
    "200, true, true, false, false, false",
    "200, false, true, false, false, false",
    "201, true, true, false, false, false",
    "202, true, true, false, false, false",
    "202, false, false, true, false, false",
    "400, true, false, false, false, false",
    "401, false, false, false, false, false",
    "403, true, false, false, false, false",
    "404, false, false, false, false, false",
    "409, false, false, false, false, false",
    "410, true, false, false, true, false",
    "413, true, false, false, false, false",
    "429, false, false, false, false, true",
    "500, true, false, false, false, false",
    "502, true, false, false, false, false",
    "503, false, false, false, false, true",
    "504, true, false, false, false, false"
  })
  void aCodeMeans(
      int code, boolean sent, boolean delivered, boolean accepted, boolean dead, boolean retry) {
    PushResult result =
        read(
            new JsonObject()
                .put("code", code)
                .put("description", "")
                .put("data", sent ? new JsonObject().put("url", URL) : new JsonObject())
                .encode());
    assertEquals(delivered, result.isDelivered(), "delivered");
    assertEquals(accepted, result.isAccepted(), "accepted");
    assertEquals(dead, result.isDeadToken(), "dead token");
    assertEquals(retry, result.mayRetry(), "may retry");
  }

  @Test
  void theDevicesThatAreGoneAreNamed() {
    PushResult result =
        read(
            """
            {"code": 200, "description": "1 of 2 pushed",
             "data": {"sent": 1, "gone": ["row-2"], "devices": []}}
            """);
    assertTrue(result.isDelivered());
    assertEquals(List.of("row-2"), result.gone());
    assertEquals(List.of(), read("{\"code\": 404, \"data\": \"\"}").gone());
  }

  @Test
  void whatHasNoCodeIsNoReply() {
    assertThrows(IllegalArgumentException.class, () -> read("{\"status\": 200}"));
    assertThrows(IllegalArgumentException.class, () -> read("{\"code\": \"200\"}"));
  }

  @Test
  void aRetryAfterThatIsNoNumberIsNone() {
    JsonObject reply = new JsonObject().put("code", 503);
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("retry-after", "soon");
    assertEquals(0, PushResult.of(reply, headers).retryAfter());
  }

  @Test
  void itsTextIsFitForALog() {
    PushResult result =
        read(
            """
            {"code": 410, "description": "push notification response",
             "data": {"reason": "Unregistered", "token": "6688ff9c", "url": "%s"}}
            """
                .formatted(URL));
    assertTrue(result.toString().contains("Unregistered"), result::toString);
    assertFalse(result.toString().contains("6688ff9c"), result::toString);
  }
}
