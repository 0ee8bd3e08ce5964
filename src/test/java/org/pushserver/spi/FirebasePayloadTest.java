// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.spi.SamplePush.BORN;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

class FirebasePayloadTest {
  private final SamplePush ring = SamplePush.of(Event.INCOMING_SESSION).life(64_000);

  @Test
  void aMessageIsTokenDataAndAndroid() {
    Payload payload = maker(data -> data.put("key", "value")).make(ring.push(), BORN);
    assertEquals(Map.of(), payload.headers());
    assertEquals(
        new JsonObject(
            """
            {"message": {"token": "token-1234567890", "data": {"key": "value"},
             "android": {"priority": "high", "ttl": "60s"}}}
            """),
        payload.body().toJsonObject());
  }

  @ParameterizedTest
  @CsvSource({"0, 60s", "3999, 60s", "4001, 59s", "62000, 2s", "63001, 0s", "63999, 0s"})
  void theTtlIsWhatIsLeftInWholeSecondsButNotMoreThanTheLifetime(long age, String ttl) {
    JsonObject message = message(maker(data -> {}).make(ring.push(), BORN + age));
    assertEquals(ttl, message.getJsonObject("android").getString("ttl"));
  }

  @Test
  void aSubclassCanShortenTheLifetime() {
    FirebasePayload maker =
        new FirebasePayload() {
          @Override
          protected void writeData(FirebaseData data, Push push) {}

          @Override
          protected Duration lifetime(Push push) {
            return Duration.ofMillis(10_900);
          }
        };
    assertEquals(
        "10s", message(maker.make(ring.push(), BORN)).getJsonObject("android").getString("ttl"));
  }

  @Test
  void nullsAreLeftOut() {
    assertTrue(data(data -> data.put("reason", null)).isEmpty());
  }

  @Test
  void anObjectBecomesJsonText() {
    JsonObject data =
        data(out -> out.putObject("metadata", json -> json.writeStringField("name", "a \"b\" ☎")));
    assertEquals("{\"name\":\"a \\\"b\\\" ☎\"}", data.getValue("metadata"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"from", "gcm", "message_type", "google", "google.sent_time"})
  void aKeyThatFcmKeepsForItselfIsRefusedByName(String key) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> data(data -> data.put(key, null)));
    assertTrue(refused.getMessage().contains(key));
  }

  private JsonObject data(Data data) {
    return message(maker(data).make(ring.push(), BORN)).getJsonObject("data");
  }

  private static JsonObject message(Payload payload) {
    return payload.body().toJsonObject().getJsonObject("message");
  }

  private static FirebasePayload maker(Data content) {
    return new FirebasePayload() {
      @Override
      protected void writeData(FirebaseData data, Push push) throws IOException {
        content.write(data);
      }
    };
  }

  private interface Data {
    void write(FirebaseData data) throws IOException;
  }
}
