// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** Requests that are texts with names, whatever they were before. */
class NamedFieldsTest {
  private final ScriptedDispatcher dispatcher = ScriptedDispatcher.withSamples();
  private final PushReader reader = new PushReader(dispatcher, new ManualTime());

  private static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("app_id", "com.example.phone");
    texts.put("platform", "android");
    texts.put("token", SampleRequest.FCM_TOKEN);
    texts.put("call-id", "1@x");
    texts.put("from", "sip:alice@example.com");
    texts.put("to", "sip:bob@example.com");
    texts.put("event", "incoming_session");
    texts.put("media-type", "audio");
    return texts;
  }

  private Push push(Map<String, String> texts) {
    return reader.read(RequestFields.of(texts), SampleRequest.CALLER).push();
  }

  private String refusal(Map<String, String> texts) {
    return assertThrows(RequestRefused.class, () -> push(texts)).description();
  }

  @Test
  void textsAreReadLikeTheStringsOfJson() {
    Map<String, String> texts = texts();
    texts.put("badge", "3");
    texts.put("silent", "no");
    texts.put("from-display-name", "Zoë\t\"Z\"");
    PushReader.ReadPush read = reader.read(RequestFields.of(texts), SampleRequest.CALLER);
    Push push = read.push();
    assertEquals("firebase", push.app().platform());
    assertEquals(SampleRequest.FCM_TOKEN, push.device().registration());
    assertEquals("1@x", push.callId());
    assertEquals(3, push.details().badge());
    assertEquals(false, push.details().silent());
    assertEquals("Zoë \"Z\"", push.details().fromDisplayName());
    assertEquals(List.of("from-display-name"), read.mended());
  }

  @Test
  void whatIsMissingOrWrongIsToldAsOfJson() {
    Map<String, String> texts = texts();
    texts.remove("token");
    texts.put("to", null);
    assertEquals("Fields 'token', 'to' required", refusal(texts));
    texts = texts();
    texts.put("call-id", "1\r\n2");
    assertEquals(
        "Field 'call-id' must not contain control characters; there is U+000D at character 2",
        refusal(texts));
  }

  @Test
  void aNameInBothSpellingsIsGivenTwice() {
    Map<String, String> texts = texts();
    texts.put("app-id", "com.example.phone");
    assertEquals("Field 'app-id' is given twice", refusal(texts));
  }

  @Test
  void whatWasNotUtf8MayStayInAShownTextAlone() {
    Map<String, String> texts = texts();
    texts.put("from-display-name", "B\ufffdr");
    PushReader.ReadPush read =
        reader.read(RequestFields.ofForm(texts, List.of(), true, false), SampleRequest.CALLER);
    assertEquals(List.of("from-display-name"), read.mended());
    texts.put("from", "B\ufffdr");
    RequestFields fields = RequestFields.ofForm(texts, List.of(), true, false);
    RequestRefused refusal =
        assertThrows(RequestRefused.class, () -> reader.read(fields, SampleRequest.CALLER));
    assertEquals("Field 'from' has bytes that are not UTF-8", refusal.description());
    assertEquals("1@x", refusal.callId());
  }

  @Test
  void furtherNamesAreFurtherFields() {
    Map<String, String> texts = new HashMap<>();
    texts.put("door_number", "5");
    texts.put("from", "x");
    texts.put("nothing", null);
    assertEquals(Map.of("door-number", "5"), RequestFields.of(texts).further());
  }

  @Test
  void thoseWhoKeepRequestsKeepThemAsJson() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("from", "\"Zoë\"");
    texts.put("to", "b");
    assertEquals("{\"from\":\"\\\"Zoë\\\"\",\"to\":\"b\"}", RequestFields.of(texts).json());
  }

  @Test
  void theSameFieldsServeForSeveralDevices() {
    RequestFields fields = RequestFields.of(texts());
    RequestFields other = fields.with(Map.of(Field.TOKEN, "another", Field.DEVICE_ID, "d2"));
    assertEquals(
        "another", reader.read(other, SampleRequest.CALLER).push().device().registration());
    assertNull(reader.read(fields, SampleRequest.CALLER).push().device().id());
  }

  @Test
  void whoeverWritesHisOwnAnswerGetsTheEndOfThePush() {
    PushApi api = new PushApi(dispatcher, new ManualTime());
    PushApi.Sent sent = api.send(RequestFields.of(texts()), asked(true));
    assertEquals(dispatcher.pushes(), List.of(sent.push()));
    assertEquals(Optional.of(ScriptedDispatcher.DELIVERED), sent.end().result());
    assertEquals(
        Optional.<Outcome>empty(),
        api.send(RequestFields.of(texts()), asked(false)).end().result());
    assertThrows(RequestRefused.class, () -> api.send(RequestFields.of(Map.of()), asked(true)));
  }

  private static IncomingPush asked(boolean waits) {
    return new AskedPush("", SampleRequest.CALLER, waits);
  }
}
