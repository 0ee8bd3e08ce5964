// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.api.ScriptedDispatcher;

/**
 * Replays what an existing installation answered at its door, with a push service that takes all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenIngressIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String EMPTY_TOKEN = "an empty token reaches no device";
  private static final String CRASH = "bad input is the caller's mistake, not the server's";
  private static final String EVENT = "an event that the type does not know is a bad field";
  private static final String SILENT = "silent is true unless said otherwise, for every type";
  private static final String SLASH = "a trailing slash is handled instead of redirected";

  /** Where ours is right and the recording is the "before". */
  private static final Map<String, Difference> DIFFERENCES =
      Map.ofEntries(
          Map.entry(
              "acl/push-denied-invalid-body",
              new Difference(403, "the address counts before the body: strangers learn nothing")),
          Map.entry("validation/body-array-of-pairs", new Difference(400, CRASH)),
          Map.entry("validation/body-array", new Difference(400, CRASH)),
          Map.entry("validation/body-null", new Difference(400, CRASH)),
          Map.entry("validation/platform-number", new Difference(400, CRASH)),
          Map.entry("validation/linphone-apple-empty-token", new Difference(400, EMPTY_TOKEN)),
          Map.entry("validation/linphone-apple-cancel-no-media-type", new Difference(400, EVENT)),
          Map.entry("validation/linphone-apple-event-message", new Difference(400, EVENT)),
          Map.entry("validation/linphone-firebase-bad-event", new Difference(400, EVENT)),
          Map.entry("validation/sylk-firebase-missing-silent", new Difference(200, SILENT)),
          Map.entry("variants/apple-trailing-slash", new Difference(200, SLASH)),
          Map.entry("variants/firebase-trailing-slash", new Difference(200, SLASH)),
          Map.entry(
              "variants/apple-token-with-slash-space",
              new Difference(400, "an Apple token is hex; anything else would be another path")),
          Map.entry(
              "variants/custom-myapp-apple",
              new Difference(200, "the recorded installation's custom type was broken")));

  private static final Set<String> GROUPS = Set.of("validation", "acl", "variants", "async");

  private TestIngress waiting;
  private TestIngress fast;
  private TestIngress listed;

  private record Difference(int status, String reason) {}

  /** One line of the recording. */
  private record Case(String id, JsonNode json) {
    @Override
    public String toString() {
      return id;
    }

    JsonNode request() {
      return json.path("request");
    }

    String instance() {
      return json.path("app").path("instance").textValue();
    }
  }

  private static List<Case> all() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                GoldenIngressIT.class.getResourceAsStream("/golden/cases.jsonl"),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(GoldenIngressIT::parse).toList();
    }
  }

  private static Case parse(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      return new Case(json.path("id").textValue(), json);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }

  static Stream<Case> cases() throws IOException {
    return all().stream().filter(recorded -> GROUPS.contains(recorded.id().split("/", 2)[0]));
  }

  @BeforeAll
  void open() throws IOException {
    ScriptedDispatcher dispatcher = new ScriptedDispatcher();
    for (Case recorded : all()) {
      JsonNode app = recorded.json().path("app");
      if (app.has("section")) {
        dispatcher =
            dispatcher.with(
                app.path("app_id").textValue(),
                app.path("app_platform").textValue(),
                ScriptedDispatcher.Type.named(app.path("app_type").textValue()));
      }
    }
    waiting = TestIngress.open(dispatcher);
    fast = TestIngress.open(dispatcher, TestIngress.settings(false, "127.0.0.1"));
    listed = TestIngress.open(dispatcher, TestIngress.settings(true, "10.0.0.0/8"));
  }

  @AfterAll
  void close() {
    waiting.close();
    fast.close();
    listed.close();
  }

  private TestIngress doorOf(Case recorded) {
    if (recorded.instance().contains("allowed_hosts=10")) {
      return listed;
    }
    return recorded.instance().contains("return_async=false") ? fast : waiting;
  }

  private static String text(JsonNode request) {
    StringBuilder head = new StringBuilder();
    head.append(request.path("method").textValue())
        .append(' ')
        .append(request.path("path").textValue())
        .append(" HTTP/1.1\r\nHost: door\r\n");
    request
        .path("headers")
        .properties()
        .forEach(
            header ->
                head.append(header.getKey())
                    .append(": ")
                    .append(header.getValue().textValue())
                    .append("\r\n"));
    String body = request.path("body").isTextual() ? request.path("body").textValue() : "";
    // The client writes each character as one byte, so that the body's UTF-8 goes through it.
    String bytes = new String(bytes(body), StandardCharsets.ISO_8859_1);
    return head + "Content-Length: " + bytes.length() + "\r\n\r\n" + bytes;
  }

  /** What was not UTF-8 when recorded stands in the file as replacement characters. */
  private static byte[] bytes(String body) {
    return body.contains("\ufffd")
        ? body.replace('\ufffd', '\u00ff').getBytes(StandardCharsets.ISO_8859_1)
        : body.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theDoorAnswersAsRecordedOrBetter(Case recorded) throws IOException {
    Difference difference = DIFFERENCES.get(recorded.id());
    int status =
        difference == null
            ? recorded.json().path("response").path("status").intValue()
            : difference.status();

    RawClient.Answer answer;
    try (RawClient client = new RawClient(doorOf(recorded).port())) {
      client.send(text(recorded.request()));
      answer = client.receive();
    }

    assertEquals(status, answer.status(), answer::body);
    JsonNode body = JSON.readTree(answer.body());
    JsonNode before = recorded.json().path("response").path("body");
    if (before.isObject() && before.has("data") && difference == null) {
      assertEquals(before.path("code"), body.path("code"));
      assertEquals(names(before), names(body));
      assertEquals(before.path("data").getNodeType(), body.path("data").getNodeType());
      if (status == 200) {
        assertEquals(before.path("description"), body.path("description"));
        assertEquals(names(before.path("data")), names(body.path("data")));
        for (String name : List.of("call_id", "platform", "token", "code")) {
          assertEquals(before.path("data").path(name), body.path("data").path(name), name);
        }
      }
    }
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void everyDifferenceIsStillOne() throws IOException {
    Map<String, Integer> before =
        cases()
            .collect(
                Collectors.toMap(
                    Case::id, recorded -> recorded.json().at("/response/status").intValue()));
    DIFFERENCES.forEach(
        (id, difference) -> {
          assertTrue(before.containsKey(id), id);
          assertTrue(before.get(id) != difference.status(), id + ": " + difference.reason());
        });
  }
}
