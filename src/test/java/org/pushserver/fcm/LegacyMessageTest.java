// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LegacyMessageTest {
  private static final String V1 =
      "{\"message\":{\"token\":\"t\",\"android\":{\"data\":{\"no\":\"1\"},\"ttl\":\"60s\"},"
          + "\"data\":{\"event\":\"cancel\",\"call-id\":\"ü1\"},\"notification\":{}}}";

  private static JsonObject legacy(String v1, long remainingMs) {
    return new JsonObject(LegacyMessage.of(Buffer.buffer(v1), "the-token", remainingMs, true));
  }

  @Test
  void whatIsNotUrgentMayComeWhenItSuitsTheBattery() {
    assertEquals(
        "normal",
        new JsonObject(LegacyMessage.of(Buffer.buffer(V1), "the-token", 1000, false))
            .getString("priority"));
  }

  @Test
  void dataIsTakenOverAndTheRestIsLegacy() {
    assertEquals(
        new JsonObject()
            .put("to", "the-token")
            .put("time_to_live", 63)
            .put("priority", "high")
            .put("data", new JsonObject().put("event", "cancel").put("call-id", "ü1")),
        legacy(V1, 63_999));
  }

  @Test
  void timeToLiveNeverPassesTheApisMaximum() {
    assertEquals(2_419_199, legacy(V1, Duration.ofDays(60).toMillis()).getInteger("time_to_live"));
  }

  @Test
  void aMessageWithoutDataHasNone() {
    assertEquals(false, legacy("{\"message\":{\"token\":\"t\"}}", 1000).containsKey("data"));
    assertEquals(false, legacy("{}", 1000).containsKey("data"));
  }

  @Test
  void aPayloadThatIsNoJsonIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> legacy("nope", 1000));
  }
}
