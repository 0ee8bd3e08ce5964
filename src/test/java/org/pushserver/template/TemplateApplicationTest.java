// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Problem;
import org.pushserver.spi.SamplePush;

class TemplateApplicationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PIGEON = "pigeon";

  @TempDir Path dir;

  private final List<Problem> warnings = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private String platform = PIGEON;

  private ApplicationType configure() throws ConfigException {
    AppConfig config =
        new AppConfig(
            dir.resolve("applications.ini").toString(),
            "door",
            new AppKey("com.example.phone", platform),
            "template",
            settings,
            dir.resolve("credentials"),
            Delivery.DEFAULT);
    return new TemplateApplication().configure(config, warnings::add);
  }

  /** A type with one template for all events. */
  private ApplicationType template(String text) throws Exception {
    write("door.json", text);
    settings.put("payload_template", "door.json");
    return configure();
  }

  private void write(String name, String text) throws IOException {
    Path file = Files.writeString(dir.resolve(name), text);
    assertTrue(Files.exists(file));
  }

  /** What is wrong, without the place of this test's files. */
  private List<String> problems() {
    return assertThrows(ConfigException.class, this::configure).problems().stream()
        .map(problem -> problem.key() + ": " + problem.message().replace(dir + "/", ""))
        .toList();
  }

  private String problem(String text) throws IOException {
    write("door.json", text);
    settings.put("payload_template", "door.json");
    settings.putIfAbsent("events", "incoming_session");
    List<String> problems = problems();
    assertEquals(1, problems.size(), problems::toString);
    return problems.get(0);
  }

  private Payload make(ApplicationType type, Push push) {
    return type.payloadMaker(platform).orElseThrow().make(push, push.bornAt());
  }

  private JsonNode told(ApplicationType type, Push push) throws JsonProcessingException {
    return JSON.readTree(make(type, push).body().toString());
  }

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

  @ParameterizedTest
  @CsvSource({"bell", "bell:ping", "cancel:ring", "b/ell:ring", ":ring"})
  void anEventThatIsNoneIsTold(String entry) throws IOException {
    write("door.json", "{}");
    settings.put("payload_template", "door.json");
    settings.put("events", "message, " + entry);
    assertEquals(
        List.of(
            "events: '"
                + entry
                + "' is neither one of incoming_session, incoming_conference_request, cancel,"
                + " message, transfer nor a name of your own with its kind, such as doorbell:ring"
                + " (ring, cancel, message or transfer)"),
        problems());
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1] | for incoming_session with all fields it lacks \"message\": {\"token\": \"{{token}}\"},"
            + " without which it reaches no device",
        "{\"message\": {\"token\": \"{{token}}\", \"android\": {\"ttl\": \"60s\"}}} | for"
            + " incoming_session with all fields it lacks \"android\": {\"ttl\": \"{{ttl}}s\"} in"
            + " \"message\", without which a phone rings when the call is long over",
        "{\"message\": {\"token\": \"{{token}}\", \"android\": {\"ttl\": \"{{ttl}}s\"}, \"data\":"
            + " {\"badge\": {{badge}}}}} | for incoming_session with all fields the value of"
            + " \"badge\" in \"data\" is no string; Firebase takes nothing else",
        "{\"message\": {\"token\": \"{{token}}\", \"android\": {\"ttl\": \"{{ttl}}s\"}, \"data\":"
            + " {\"from\": \"{{from}}\"}}} | for incoming_session with all fields Firebase does not"
            + " accept the key \"from\" in \"data\"",
      })
  void whatFirebaseWouldRefuseIsTold(String text, String why) throws IOException {
    platform = AppKey.FIREBASE;
    assertEquals("payload_template: door.json: " + why, problem(text));
  }

  @Test
  void whatWouldWakeNoAppIsTold() throws IOException {
    platform = AppKey.APPLE;
    settings.put("events", "cancel");
    assertEquals(
        "payload_template: door.json: for cancel with all fields it lacks \"aps\":"
            + " {\"content-available\": 1}, without which a background push wakes no app",
        problem("{\"a\": 1}"));
    assertEquals(
        "payload_template: door.json: for cancel with all fields it makes no JSON object",
        problem("[]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": \"{{form}}\"} | line 1: {{form}}: there is no such field; there are account, app-id,"
            + " badge, call-id, caller, cancel, content, content-type, device-id, event, filename,"
            + " filetype, from, from-display-name, id, media-type, message, platform, reason, ring,"
            + " silent, time, to, token, transfer, ttl",
        "{{#reason}} | Section missing close tag 'reason' @ line 1",
        "{\"a\": {{}}} | it has an empty tag, {{}}",
        "{{> /etc/passwd}} | {{>/etc/passwd}}: a template is one file",
        "{{.}} | {{.}} means something only inside of a section of a text",
        "{{! nothing }} | for incoming_session with all fields it makes nothing",
      })
  void aTemplateThatIsNoneIsTold(String text, String why) throws IOException {
    String told = problem(text);
    assertEquals("payload_template: door.json: " + why, told);
  }

  @Test
  void aNameThatOnlySomePushesNeedIsFoundToo() throws IOException {
    assertTrue(
        problem("{\n\n\"a\": \"{{^reason}}{{json.form}}{{/reason}}\"}")
            .startsWith("payload_template: door.json: line 3: {{json.form}}: there is no such"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1,,} | with all fields",
        "{ {{#reason}}\"a\": 1,{{/reason}} } | with all fields",
        "{\"a\": 1{{^reason}},{{/reason}}} | with few fields",
        "{\"a\": 1{{#reason}}{{^account}},{{/account}}{{/reason}}} | with reason alone",
        "{\"a\": 1{{^silent}},{{/silent}}} | with all fields, silent = false",
        "{\"a\": 1}{{#extra.door}}}{{/extra.door}} | with all fields",
      })
  void jsonThatIsNoneForSomePushIsTold(String text, String when) throws IOException {
    String told = problem(text);
    assertTrue(
        told.startsWith(
            "payload_template: door.json: for incoming_session "
                + when
                + " it makes no JSON: line 1 ("),
        told);
  }

  @Test
  void theLineThatIsWrongIsShown() throws IOException {
    String told = problem("{\n  \"a\": 1,\n  \"b\": {{content}}\n}\n");
    assertTrue(told.contains("it makes no JSON: line 3 (\"b\": a \\\"b\\\" "), told);
  }

  @Test
  void aNameTwiceIsTold() throws IOException {
    String told = problem("{\"a\": 1, \"a\": 2}");
    assertTrue(told.endsWith("Duplicate field 'a'"), told);
  }

  @Test
  void aFileThatCannotBeReadIsToldOnce() throws IOException {
    settings.put("payload_template", "none.json");
    assertEquals(List.of("payload_template: none.json: there is no such file"), problems());
    Files.write(dir.resolve("none.json"), "\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(List.of("payload_template: none.json: is not text in UTF-8"), problems());
    write("none.json", " ".repeat(64 * 1024 + 1));
    assertEquals(List.of("payload_template: none.json: has more than 65536 bytes"), problems());
  }

  @Test
  void aMissingTemplateIsTold() throws IOException {
    assertEquals(
        List.of("payload_template: is missing: name the file with the notification's template"),
        problems());
    write("door.json", "{}");
    settings.put("payload_template_message", "door.json");
    settings.put("events", "message, cancel");
    assertEquals(
        List.of(
            "payload_template: is missing for the event cancel: name a file for it, or for all"),
        problems());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "push_type | loud | 'loud' is not one of alert, background, voip",
        "push_type_message | voip | 'voip' is for a ring only; iOS stops an app that shows no call"
            + " for it",
        "priority | 7 | '7' is not one of 1, 5, 10",
        "priority_cancel | 10 | '10' is not possible for cancel: Apple takes background pushes with"
            + " 5 only",
        "lifetime | soon | 'soon' is not a whole number of seconds from 0 to 2419200",
        "lifetime | 2419201 | '2419201' is not a whole number of seconds from 0 to 2419200",
      })
  void aSettingThatIsWrongIsTold(String key, String value, String why) throws IOException {
    platform = AppKey.APPLE;
    write("door.json", "{\"aps\": {\"content-available\": 1}}");
    settings.put("payload_template", "door.json");
    settings.put(key, value);
    assertEquals(List.of(key + ": " + why), problems());
  }

  @Test
  void aSettingThatNothingReadsIsToldAsAWarning() throws Exception {
    settings.put("payload_template_cancle", "door.json");
    settings.put("priority", "5");
    assertEquals(Event.SYLK, template("{}").events());
    assertEquals(
        List.of(
            "payload_template_cancle: is not used; the events are incoming_session,"
                + " incoming_conference_request, cancel, message, transfer",
            "priority: is not used; it is for apple only"),
        warnings.stream()
            .map(problem -> problem.key() + ": " + problem.message())
            .sorted()
            .toList());
  }
}
