// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.api.Field;
import org.pushserver.api.MessageSchema;

class PushMessageTest {
  private static PushMessageBuilder ring() {
    return PushMessage.ring("com.example.phone", "apple", "6688ff9c")
        .callId("4711@pbx")
        .from("sip:alice@example.com", "Alice")
        .to("sip:bob@example.com")
        .mediaType("audio");
  }

  @Test
  void aRingSaysWhatItWasTold() {
    assertEquals(
        new JsonObject(
            """
            {"app-id": "com.example.phone", "platform": "apple", "token": "6688ff9c",
             "event": "incoming_session", "call-id": "4711@pbx", "from": "sip:alice@example.com",
             "from-display-name": "Alice", "to": "sip:bob@example.com", "media-type": "audio"}
            """),
        ring().build().toJson());
  }

  /** A field that is not there is one that services must spell by hand. */
  @Test
  void everyFieldOfARequestHasAMethod() {
    PushMessage all =
        ring()
            .deviceId("phone-1")
            .tokenKind("voip")
            .silent(false)
            .reason("busy")
            .badge(0)
            .account("bob")
            .file("a.png", "image/png")
            .content("hi", "text/plain")
            .ref("row-17")
            .except(List.of("row-18"))
            .ttl(Duration.ofSeconds(20))
            .answerWithin(Duration.ZERO)
            .build();
    Set<String> missing =
        Stream.of(Field.values())
            .map(Field::wireName)
            .collect(Collectors.toCollection(TreeSet::new));
    missing.removeAll(all.fields().keySet());
    assertEquals(Set.of(), missing);
  }

  @Test
  void aCancelIsForTheSameCallAndDevice() {
    PushMessage cancel =
        ring().deviceId("phone-1").badge(3).build().toCancel().reason("busy").build();
    assertEquals(
        new JsonObject(
            """
            {"app-id": "com.example.phone", "platform": "apple", "token": "6688ff9c",
             "event": "cancel", "call-id": "4711@pbx", "from": "sip:alice@example.com",
             "from-display-name": "Alice", "to": "sip:bob@example.com", "device-id": "phone-1",
             "reason": "busy"}
            """),
        cancel.toJson());
  }

  @Test
  void contactsAreNamedOneByOne() {
    PushMessageBuilder builder =
        PushMessage.event("incoming_session").contact("<sip:bob@192.0.2.1;pn-provider=fcm>", "a");
    PushMessage first = builder.build();
    PushMessage both = builder.contact("<sip:bob@192.0.2.2>", "b").build();
    assertEquals(
        new JsonObject(
            """
            {"event": "incoming_session",
             "contacts": [{"contact": "<sip:bob@192.0.2.1;pn-provider=fcm>", "ref": "a"},
                          {"contact": "<sip:bob@192.0.2.2>", "ref": "b"}]}
            """),
        both.toJson());
    assertEquals(1, first.toJson().getJsonArray("contacts").size());
    assertEquals(both.fields().get("contacts"), both.toCancel().build().fields().get("contacts"));
    assertRefused(NullPointerException.class, "ref", () -> builder.contact("<sip:bob@x>", null));
  }

  @Test
  void aCancelOfACallNamesNoDevice() {
    assertEquals(
        new JsonObject(
            "{\"event\": \"cancel\", \"call-id\": \"4711@pbx\", \"except\": [\"row-18\"]}"),
        PushMessage.cancelCall("4711@pbx").except(List.of("row-18")).build().toJson());
  }

  @Test
  void aMessageHasTheFormOfARequest() {
    PushMessage ring = ring().silent(true).badge(2).deviceId("phone-1").build();
    for (PushMessage message : List.of(ring, ring.toCancel().reason("busy").build())) {
      MessageSchema.REQUEST.assertDescribes(message.toJson());
    }
  }

  @Test
  void aFieldThatIsNullIsLeftOut() {
    assertFalse(ring().callId(null).build().fields().containsKey("call-id"));
    assertFalse(ring().field("from", null).build().fields().containsKey("from"));
  }

  @Test
  void furtherFieldsAreSentAsTheyAre() {
    JsonObject json =
        ring()
            .field("tenant", "acme")
            .field("weight", 1.5)
            .field("doors", new JsonArray().add("front"))
            .build()
            .toJson();
    assertEquals("acme", json.getString("tenant"));
    assertEquals(1.5, json.getDouble("weight"));
    assertEquals(new JsonArray().add("front"), json.getJsonArray("doors"));
  }

  @ParameterizedTest
  @CsvSource({
    "incoming_session, true",
    "incoming_conference_request, true",
    "incoming_conference, true",
    "cancel, true",
    "message, false",
    "transfer, false",
    "doorbell, false"
  })
  void whatIsPartOfACallHasTheTimeOfACall(String event, boolean isCall) {
    assertEquals(isCall, PushMessage.event(event, "app", "apple", "aa").build().isCall());
  }

  /** What an application of type linphone takes for one. */
  @Test
  void aMessageWithoutAnEventIsACall() {
    assertTrue(new PushMessage(Map.of("app-id", "com.example.linphone")).isCall());
  }

  @Test
  void whatCannotBeMeantIsRefusedByName() {
    assertRefused(
        NullPointerException.class, "token", () -> PushMessage.ring("app", "apple", null));
    assertRefused(
        NullPointerException.class, "app-id", () -> PushMessage.cancel(null, "apple", "aa"));
    assertRefused(
        IllegalArgumentException.class, "platform", () -> PushMessage.message("app", "", "aa"));
    assertRefused(
        IllegalArgumentException.class, "event", () -> PushMessage.event("", "app", "apple", "aa"));
    assertRefused(IllegalArgumentException.class, "badge", () -> ring().badge(-1));
    assertRefused(IllegalArgumentException.class, "ttl", () -> ring().ttl(Duration.ofMillis(999)));
    assertRefused(
        IllegalArgumentException.class, "wait", () -> ring().answerWithin(Duration.ofSeconds(-1)));
    assertRefused(
        IllegalArgumentException.class, "doors", () -> ring().field("doors", new Object()));
    assertRefused(NullPointerException.class, "name", () -> ring().field(null, "x"));
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("token", null);
    assertRefused(NullPointerException.class, "token", () -> new PushMessage(nothing));
  }

  private static void assertRefused(
      Class<? extends Exception> type, String name, Callable<?> made) {
    Exception refused = assertThrows(type, made::call);
    assertTrue(refused.getMessage().startsWith(name), refused::toString);
  }

  @Test
  void aMessageDoesNotChangeWithItsBuilderOrItsValues() {
    JsonArray doors = new JsonArray().add("front");
    PushMessageBuilder builder = ring().field("doors", doors);
    PushMessage message = builder.build();
    doors.add("back");
    PushMessage second = builder.field("token", "aabb").build();
    assertEquals(new JsonArray().add("front"), message.fields().get("doors"));
    assertEquals("6688ff9c", message.fields().get("token"));
    assertEquals("aabb", second.fields().get("token"));
    assertThrows(UnsupportedOperationException.class, () -> message.fields().clear());
  }

  @Test
  void itsTextIsFitForALog() {
    String text = ring().content("secret", "text/plain").build().toString();
    assertTrue(text.contains("4711@pbx"), text);
    assertFalse(text.contains("6688ff9c") || text.contains("secret"), text);
  }
}
