// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;

class TemplateApplicationTest extends TemplateFixture {
  @Test
  void everyFieldOfAPushCanBeFilledIn() throws Exception {
    ApplicationType type =
        template(
            """
            {"id": "{{id}}", "app": "{{app-id}} {{platform}}", "device": "{{token}} {{device-id}}",
             "event": "{{event}}", "call": "{{call-id}}", "who": "{{from}} {{from-display-name}} {{to}}",
             "caller": "{{caller}}", "media": "{{media-type}}", "silent": {{silent}},
             "reason": "{{reason}}", "badge": {{badge}}, "account": "{{account}}",
             "file": "{{filename}} {{filetype}}", "text": "{{content}} {{content-type}}",
             "time": {{time}}, "ttl": {{ttl}}, "door": "{{extra.front_door}}",
             "kinds": [{{ring}}, {{cancel}}, {{message}}, {{transfer}}]}
            """);
    Push push = SamplePush.of(Event.MESSAGE).content("hi").extra("front-door", "open").push();
    assertEquals(
        JSON.readTree(
            """
            {"id": "00000000-0000-0001-0000-000000000002", "app": "com.example.phone apple",
             "device": "token-1234567890 ", "event": "message", "call": "call@example.com",
             "who": "sip:alice@example.com Alice sip:bob@example.com", "caller": "Alice",
             "media": "audio", "silent": true, "reason": "", "badge": 1, "account": "",
             "file": "a b.pdf ", "text": "hi text/plain", "time": 1800000000, "ttl": 60,
             "door": "open", "kinds": [false, false, true, false]}
            """),
        told(type, push));
  }

  @Test
  void underscoresAreDashes() throws Exception {
    ApplicationType type = template("{\"a\": \"{{call_id}}\"}");
    assertEquals("call@example.com", told(type, push(Event.CANCEL)).get("a").textValue());
  }

  private static Push push(Event event) {
    return SamplePush.of(event).push();
  }

  @Test
  void withoutANameTheCallerIsTheAddress() throws Exception {
    ApplicationType type = template("{\"a\": \"{{caller}}\"}");
    Push push = SamplePush.of(Event.CANCEL).displayName(null).push();
    assertEquals("sip:alice@example.com", told(type, push).get("a").textValue());
  }

  /** Neither braces nor ampersand get a text into the JSON that is not escaped. */
  @ParameterizedTest
  @ValueSource(
      strings = {"{{content}}", "{{{content}}}", "{{&content}}", "{{#content}}{{.}}{{/content}}"})
  void aTextIsAlwaysEscaped(String tag) throws Exception {
    String evil = "\", \"admin\": true, \"x\": \"\\ \n\t\u0001 \u20ac \ud83d\ude00 {{from}}";
    ApplicationType type = template("{\"a\": \"" + tag + "\"}");
    JsonNode told = told(type, SamplePush.of(Event.MESSAGE).content(evil).push());
    assertEquals(1, told.size());
    assertEquals(evil, told.get("a").textValue());
  }

  @Test
  void aSectionIsThereWhenItsFieldIs() throws Exception {
    ApplicationType type =
        template("{{#content}}{\"a\": \"{{content}}\"}{{/content}}{{^content}}[]{{/content}}");
    assertEquals("{\"a\":\"hi\"}", told(type, message("hi")).toString());
    assertEquals("[]", told(type, message(null)).toString());
    assertEquals("[]", told(type, message("")).toString());
  }

  private static Push message(String content) {
    return SamplePush.of(Event.MESSAGE).content(content).push();
  }

  @Test
  void aWholeJsonValueIsATextOrNull() throws Exception {
    ApplicationType type =
        template("[{{json.content}}, {{json.badge}}, {{json.silent}}, {{json.extra.a-b}}]");
    assertEquals("[\"h\\\"i\",1,true,null]", told(type, message("h\"i")).toString());
    assertEquals("[null,1,true,null]", told(type, message(null)).toString());
  }

  @Test
  void whatOnlyAReaderNeedsIsNotSent() throws Exception {
    ApplicationType type =
        template("{\n    {{! who }}\n    {{#ring}}\n    \"a\":   1\n    {{/ring}}\n}\n");
    assertEquals("{   \"a\":   1  }", make(type, push(Event.INCOMING_SESSION)).body().toString());
  }

  @Test
  void onlyATemplateThatUsesFurtherFieldsWantsThem() throws Exception {
    assertFalse(template("{}").wantsExtraFields());
    assertTrue(template("{\"a\": \"{{extra.door}}\"}").wantsExtraFields());
    assertTrue(template("{{#json.extra.door}}{{/json.extra.door}}{}").wantsExtraFields());
    assertTrue(
        template("[{{^extra.door}}1{{/extra.door}}{{#extra.door}}2{{/extra.door}}]")
            .wantsExtraFields());
  }

  @Test
  void eventsAreThoseThatHaveATemplate() throws Exception {
    assertEquals(Event.SYLK, template("{}").events());
    settings.remove("payload_template");
    settings.put("payload_template_message", "door.json");
    ApplicationType type = configure();
    assertEquals(List.of(Event.MESSAGE), type.events());
    assertEquals(Optional.of(Event.MESSAGE), type.defaultEvent());
  }

  @Test
  void aWakeUpIsListedOrIsNone() throws Exception {
    assertEquals(Optional.empty(), template("{}").event("wake"));
    settings.put("events", "wake, nudge:wake");
    ApplicationType type = template("{\"a\": {{wake}}, \"aps\": {\"content-available\": 1}}");
    assertEquals(List.of(Event.WAKE, new Event("nudge", Kind.WAKE)), type.events());
    assertEquals(true, told(type, push(Event.WAKE)).get("a").booleanValue());
  }

  @Test
  void eventsCanBeListedAndBeOnesOwn() throws Exception {
    settings.put("events", "incoming_conference_request, Doorbell:Ring\n cancel");
    ApplicationType type = template("{\"a\": \"{{event}}\"}");
    Event doorbell = new Event("doorbell", Kind.RING);
    assertEquals(List.of(Event.INCOMING_CONFERENCE, doorbell, Event.CANCEL), type.events());
    assertEquals(Optional.of(doorbell), type.event("doorbell"));
    assertEquals(Optional.of(Event.INCOMING_CONFERENCE), type.event("incoming_conference"));
    assertEquals(Optional.empty(), type.event("message"));
    assertEquals(Optional.empty(), type.defaultEvent());
    assertEquals("doorbell", told(type, push(doorbell)).get("a").textValue());
  }

  @Test
  void anEventMayHaveATemplateOfItsOwn() throws Exception {
    write("bye.json", "{\"bye\": 1}");
    settings.put("payload_template_cancel", "bye.json");
    ApplicationType type = template("{\"hello\": 1}");
    assertEquals("{\"bye\":1}", told(type, push(Event.CANCEL)).toString());
    assertEquals("{\"hello\":1}", told(type, push(Event.MESSAGE)).toString());
  }

  @Test
  void appleGetsItsUsualHeaders() throws Exception {
    platform = AppKey.APPLE;
    ApplicationType type = template("{\"aps\": {\"content-available\": 1}}");
    assertEquals(
        Map.of(
            "apns-topic", "com.example.phone.voip",
            "apns-push-type", "voip",
            "apns-priority", "10",
            "apns-expiration", "1800000064"),
        make(type, push(Event.INCOMING_SESSION)).headers());
    Payload cancel = make(type, push(Event.CANCEL));
    assertEquals("background", cancel.headers().get("apns-push-type"));
    assertEquals("com.example.phone", cancel.headers().get("apns-topic"));
  }

  @Test
  void appleGetsTheHeadersThatAreConfigured() throws Exception {
    platform = AppKey.APPLE;
    settings.put("topic", "com.example.other");
    settings.put("push_type", "alert");
    settings.put("priority", "10");
    settings.put("priority_message", "1");
    settings.put("lifetime_message", "30");
    ApplicationType type = template("{\"aps\": {\"alert\": \"{{caller}}\"}}");
    assertEquals(
        Map.of(
            "apns-topic", "com.example.other",
            "apns-push-type", "alert",
            "apns-priority", "10",
            "apns-expiration", "1800000064"),
        make(type, push(Event.INCOMING_SESSION)).headers());
    Map<String, String> message = make(type, push(Event.MESSAGE)).headers();
    assertEquals("1", message.get("apns-priority"));
    assertEquals("1800000030", message.get("apns-expiration"));
    assertEquals(List.of(), warnings);
  }

  @Test
  void aPhoneWithoutAVoipTokenIsShownTheCallAtOnce() throws Exception {
    platform = AppKey.APPLE;
    settings.put("events", "incoming_session");
    Push ring = SamplePush.of(Event.INCOMING_SESSION).withoutVoip().push();
    Map<String, String> headers =
        make(template("{\"aps\": {\"alert\": \"Ring\"}}"), ring).headers();
    assertEquals("com.example.phone", headers.get("apns-topic"));
    assertEquals("alert", headers.get("apns-push-type"));
    assertEquals("10", headers.get("apns-priority"));
  }

  @Test
  void aPhoneWithoutAVoipTokenHasNoTopicForVoip() throws Exception {
    platform = AppKey.APPLE;
    settings.put("events", "incoming_session");
    settings.put("topic", "com.example.other.voip");
    ApplicationType type = template("{\"aps\": {\"alert\": \"Ring\"}}");
    SamplePush sample = SamplePush.of(Event.INCOMING_SESSION);
    assertEquals("com.example.other.voip", make(type, sample.push()).headers().get("apns-topic"));
    assertEquals(
        "com.example.other", make(type, sample.withoutVoip().push()).headers().get("apns-topic"));
  }

  @Test
  void otherPlatformsGetNoHeaders() throws Exception {
    assertEquals(Map.of(), make(template("{}"), push(Event.MESSAGE)).headers());
  }

  @Test
  void firebaseGetsAWholeMessage() throws Exception {
    platform = AppKey.FIREBASE;
    ApplicationType type =
        template(
            """
            {"message": {"token": "{{token}}", "android": {"ttl": "{{ttl}}s"},
                         "data": {"a": "{{caller}}"}}}
            """);
    assertEquals(
        "{\"message\":{\"token\":\"token-1234567890\",\"android\":{\"ttl\":\"60s\"},"
            + "\"data\":{\"a\":\"Alice\"}}}",
        told(type, push(Event.MESSAGE)).toString());
    Push late = SamplePush.of(Event.MESSAGE).life(2500).push();
    assertEquals("2s", told(type, late).at("/message/android/ttl").textValue());
  }
}
