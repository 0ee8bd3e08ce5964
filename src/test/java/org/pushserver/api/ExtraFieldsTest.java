// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.PayloadMaker;

/** Requests for application types that want something of their own in them. */
class ExtraFieldsTest {
  private static final Event RING = new Event("doorbell", Kind.RING);

  /** Rings with nothing but a door, in colour. */
  private static final class Doorbell implements ApplicationType {
    @Override
    public String name() {
      return "doorbell";
    }

    @Override
    public List<Event> events() {
      return List.of(RING, Event.CANCEL);
    }

    @Override
    public List<String> requiredFields(Event event) {
      return event.equals(RING) ? List.of("door", "reason") : List.of();
    }

    @Override
    public List<String> mediaTypes() {
      return List.of("audio", "colour");
    }

    @Override
    public boolean wantsExtraFields() {
      return true;
    }

    @Override
    public Optional<PayloadMaker> payloadMaker(String platform) {
      return Optional.empty();
    }
  }

  private static final PushReader READER =
      new PushReader(
          ScriptedDispatcher.withSamples()
              .with("com.example.door", AppKey.FIREBASE, new Doorbell()),
          new ManualTime());

  private static Map<String, String> read(String json) {
    return ExtraFields.read(json.getBytes(UTF_8), SampleRequest.JSON, Set.of());
  }

  private static String refusal(String json) {
    return assertThrows(RequestRefused.class, () -> read(json)).description();
  }

  private static Push push(String more) {
    String json =
        "{\"app-id\": \"com.example.door\", \"platform\": \"fcm\", \"token\": \"abc\"" + more + "}";
    return READER.read(json.getBytes(UTF_8), SampleRequest.JSON, SampleRequest.CALLER).push();
  }

  private static String pushRefusal(String more) {
    return assertThrows(RequestRefused.class, () -> push(more)).description();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"front\" | front",
        "12 | 12",
        "1.50 | 1.50",
        "true | true",
        "false | false",
        "{\"a\": [1, \"ü\"], \"b\": null} | {\"a\": [1, \"ü\"], \"b\": null}",
        "[ 1,2 ] | [ 1,2 ]",
        "[] | []",
      })
  void aFurtherFieldIsItsTextAndAnObjectItsJson(String json, String text) {
    assertEquals(
        Map.of("door", text), read("{\"from\": \"ä\", \"door\": " + json + ", \"to\": 1}"));
  }

  @Test
  void knownFieldsAndNullsAreNotAmongThem() {
    assertEquals(
        Map.of(), read("{\"from_display_name\": \"a\", \"content\": {\"b\": 1}, \"door\": null}"));
  }

  @Test
  void namesHaveDashesAndAreGivenOnce() {
    assertEquals(Map.of("front-door", "1"), read("{\"front_door\": 1}"));
    assertEquals(
        "Field 'front-door' is given twice", refusal("{\"front_door\": 1, \"front-door\": 1}"));
  }

  @Test
  void theirNumberNamesAndTextsAreBounded() {
    StringBuilder many = new StringBuilder("{\"a0\": 0");
    IntStream.range(1, ExtraFields.MOST).forEach(i -> many.append(",\"a" + i + "\":0"));
    assertEquals(ExtraFields.MOST, read(many + "}").size());
    assertEquals("There are more than 32 further fields", refusal(many + ",\"b\":0}"));

    String name = "n".repeat(ExtraFields.LONGEST_NAME);
    assertEquals(1, read("{\"" + name + "\": 1}").size());
    assertEquals(
        "Field '" + "n".repeat(40) + "…' has a name of 65 characters; at most 64 are allowed",
        refusal("{\"" + name + "n\": 1}"));

    String half = "x".repeat(ExtraFields.MOST_TEXT / 2);
    assertEquals(2, read("{\"a\": \"" + half + "\", \"b\": \"" + half + "\"}").size());
    assertEquals(
        "Field 'b' is too long: further fields may have 16384 characters in all",
        refusal("{\"a\": \"" + half + "\", \"b\": \"" + half + "x\"}"));
  }

  @Test
  void controlCharactersBecomeSpacesButForLayout() {
    assertEquals(Map.of("note", "a\n\tb"), read("{\"note\": \"a\\n\\tb\"}"));
    assertEquals(Map.of("note", "a \ufffd"), read("{\"note\": \"a\\u0007\\ud800\"}"));
    assertEquals(
        "Field 'a?b' must not contain control characters; there is U+000A at character 2",
        refusal("{\"a\\nb\": 1}"));
  }

  @Test
  void aTypeSaysWhatItRequires() {
    Push push = push(", \"event\": \"doorbell\", \"door\": \"front\", \"reason\": \"knock\"");
    assertEquals(Map.of("door", "front"), push.details().extra());
    assertEquals("", push.callId());
    assertEquals(null, push.details().from());
    assertEquals("", push(", \"event\": \"cancel\"").callId());
    assertEquals(
        "Fields 'door', 'reason' required",
        pushRefusal(", \"event\": \"doorbell\", \"door\": \"\", \"reason\": \"\""));
    assertEquals("Fields 'event', 'door' required", pushRefusal(", \"reason\": \"x\""));
  }

  @Test
  void aTypeSaysWhichMediaTypesItKnows() {
    String ring = ", \"event\": \"doorbell\", \"door\": 1, \"reason\": \"x\", \"media-type\": ";
    assertEquals("colour", push(ring + "\"colour\"").details().mediaType());
    assertEquals("audio", push(ring + "\"video, audio\"").details().mediaType());
    assertEquals(
        "Field 'media-type' must be one of audio, colour, or a list of them, not 'video'",
        pushRefusal(ring + "\"video\""));
  }

  @Test
  void anOrdinaryPushHasTheOneEmptyMap() {
    byte[] body =
        ("{\"app-id\": \"com.example.phone\", \"platform\": \"fcm\", \"token\": \"abc\","
                + "\"event\": \"cancel\", \"call-id\": \"1\", \"from\": \"a\", \"to\": \"b\","
                + "\"door\": 1}")
            .getBytes(UTF_8);
    assertSame(
        Map.of(),
        READER.read(body, SampleRequest.JSON, SampleRequest.CALLER).push().details().extra());
  }
}
