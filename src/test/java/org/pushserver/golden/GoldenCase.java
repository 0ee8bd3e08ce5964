// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** One line of the recording. */
record GoldenCase(JsonNode line) {
  /** What was recorded in seconds, the test does in fewer: see {@link GoldenAnswer#SLOW}. */
  static final int SLOWER = 10;

  /** A call that Apple takes. */
  static final String APPLE = "variants/apple-query-string";

  /** A call that Firebase takes. */
  static final String FIREBASE = "variants/firebase-text-plain-header";

  private static final Pattern FIELD =
      Pattern.compile("Field '?([a-z-]+)'? required|'(.*)' item\\(s\\) missing|: ([a-z-]+)$");

  private static final String OF_TOKENS = "v2/";

  private static final ObjectMapper JSON = new ObjectMapper();

  static List<GoldenCase> all() {
    return read("/golden/cases.jsonl");
  }

  /** Those of stored tokens, in their order: each begins with what those before it have left. */
  static List<GoldenCase> tokens() {
    return read("/golden/v2.jsonl");
  }

  private static List<GoldenCase> read(String resource) {
    try (InputStream in = GoldenCase.class.getResourceAsStream(resource);
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      return lines.lines().map(line -> new GoldenCase(parse(line))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GoldenCase of(String id) {
    List<GoldenCase> cases = id.startsWith(OF_TOKENS) ? tokens() : all();
    return cases.stream().filter(one -> one.id().equals(id)).findAny().orElseThrow();
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  String id() {
    return line.get("id").textValue();
  }

  /** Which server it was sent to: one that waits for its first OAuth token is each case's own. */
  String instance() {
    return id().startsWith("pns/oauth-") || isTooSlow()
        ? id()
        : line.at("/app/instance").textValue();
  }

  private boolean isTooSlow() {
    return id().equals("pns/fcm-slow-20s-no-timeout");
  }

  /** Whether it is one of stored tokens. */
  boolean isOfTokens() {
    return id().startsWith(OF_TOKENS);
  }

  /** As if it had been asked for one device: that which a notification was sent to. */
  GoldenCase ofOne(JsonNode sent) {
    if (!isOfTokens()) {
      return this;
    }
    boolean apple = sent.get("kind").textValue().equals("apns");
    boolean linphone = sent.at("/headers/apns-topic").asText().contains("linphone");
    ObjectNode one = line.deepCopy();
    one.putObject("app")
        .put("app_id", linphone ? "org.linphone.phone" : "com.agprojects.sylk")
        .put("app_platform", apple ? "apple" : "firebase")
        .put("app_type", linphone ? "linphone" : "sylk");
    ObjectNode request = (ObjectNode) parse(line.at("/request/body").textValue());
    ((ObjectNode) one.get("request")).put("body", request.put("token", "t").toString());
    return new GoldenCase(one);
  }

  /** What its general.ini says. */
  String general() {
    String instance = line.at("/app/instance").asText();
    return (instance.startsWith("return_async=false") ? "return_async = false\n" : "")
        + (instance.startsWith("allowed_hosts=") ? "allowed_hosts = 10.0.0.0/8\n" : "")
        + (isTooSlow() ? "[delivery]\nrequest_timeout = " + 10.0 / SLOWER + "\n" : "");
  }

  String method() {
    return line.at("/request/method").textValue();
  }

  String path() {
    return line.at("/request/path").textValue();
  }

  JsonNode headers() {
    return line.at("/request/headers");
  }

  /** What was not UTF-8 when recorded stands in the file as replacement characters. */
  Buffer body() {
    String body = line.at("/request/body").asText("");
    return Buffer.buffer(
        body.contains("\ufffd")
            ? body.replace('\ufffd', '\u00ff').getBytes(ISO_8859_1)
            : body.getBytes(UTF_8));
  }

  /** The same as JSON; an empty object where it is none. */
  JsonNode json() {
    try {
      JsonNode json = JSON.readTree(line.at("/request/body").asText(""));
      return json.isObject() ? json : JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  /** What the push services are to answer; slow ones faster than recorded. */
  JsonNode script() {
    JsonNode script = line.get("pns_answers").deepCopy();
    for (JsonNode delay : script.findParents("delay_ms")) {
      ((ObjectNode) delay).put("delay_ms", delay.get("delay_ms").asInt() / SLOWER);
    }
    if (isOfTokens()) {
      // See GoldenTokenAnswer.TIME.
      script.findParents("timestamp").forEach(body -> ((ObjectNode) body).remove("timestamp"));
    }
    return script;
  }

  int status() {
    return line.at("/response/status").intValue();
  }

  JsonNode answer() {
    return line.at("/response/body");
  }

  /** The notifications, without the connections that carried them. */
  List<JsonNode> sent() {
    return StreamSupport.stream(line.get("sent").spliterator(), false)
        .filter(sent -> sent.get("body").isObject())
        .toList();
  }

  /** The fields that the recorded refusal names. */
  Set<String> fieldsAtFault() {
    Matcher found = FIELD.matcher(answer().path("description").asText());
    Set<String> fields = new TreeSet<>();
    while (found.find()) {
      for (int group = 1; group <= found.groupCount(); group++) {
        if (found.group(group) != null) {
          fields.addAll(List.of(found.group(group).split(" *, *")));
        }
      }
    }
    return fields;
  }
}
