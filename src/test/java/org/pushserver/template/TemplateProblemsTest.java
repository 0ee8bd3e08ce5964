// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.spi.ApplicationType;

/** What is wrong with a section or a template is told, with its place. */
class TemplateProblemsTest extends TemplateFixture {
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
                + " (ring, cancel, message, transfer or wake)"),
        problems());
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
        "{\"a\": \"{{from }\"} | {{from }",
        "{\"a\": [1, {\"b\": \"{ {from}}\"}]} | { {from}}",
        "{\"a\": {\"{{{{from}}\": 1}} | {{",
        "{\"a\": \"call from {{from}}}}\"} | }}",
      })
  void bracesThatAreLeftAreTold(String text, String left) throws IOException {
    String problem = problem(text);
    assertTrue(
        problem.startsWith("payload_template: door.json: for incoming_session with all fields it "),
        problem);
    assertTrue(problem.contains("braces in \""), problem);
    assertTrue(problem.contains(left), problem);
  }

  @Test
  void bracesOfJsonAreNotTakenForThoseOfATag() throws Exception {
    ApplicationType unused = template("{\"a\": {\"b\": {\"c\": \"{x}\"}}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": \"{{form}}\"} | line 1: {{form}}: there is no such field; there are account, app-id,"
            + " badge, call-id, caller, cancel, content, content-type, device-id, event,"
            + " expires-at, filename, filetype, from, from-display-name, id, media-type, message,"
            + " platform, push-id, reason, ring,"
            + " silent, time, to, token, transfer, ttl, wake",
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
    assertEquals(Event.SYLK, template("{}").events());
    assertEquals(
        List.of(
            "payload_template_cancle: is not used; the events are incoming_session,"
                + " incoming_conference_request, cancel, message, transfer"),
        warnings.stream()
            .map(problem -> problem.key() + ": " + problem.message())
            .sorted()
            .toList());
  }
}
