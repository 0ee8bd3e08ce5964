// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.spi.ApplePushType;

/** Tries a template on many pushes of one event, and judges what it makes of them. */
final class TemplateCheck {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int SHOWN = 60;

  /**
   * How long the push service may keep a sample, in seconds: a value that nobody writes by hand.
   */
  private static final long TTL = 59;

  private static final List<String> RESERVED = List.of("from", "gcm", "message_type");

  private final AppKey app;
  private final Event event;

  TemplateCheck(AppKey app, Event event) {
    this.app = app;
    this.event = event;
  }

  /**
   * Checks.
   *
   * @param template with its line breaks
   * @throws TemplateException with what is wrong first, and in which line
   */
  void check(EventTemplate template) throws TemplateException {
    for (Sample sample : Sample.all(app, event, template.template().extraFields())) {
      String text = template.template().fill(new Values.Subject(sample.push(), TTL));
      String about = "for " + event + " " + sample.label();
      JsonNode json = parse(text, about);
      String problem = braces(json);
      if (problem == null) {
        problem =
            switch (app.platform()) {
              case AppKey.APPLE -> apple(json, template.pushType());
              case AppKey.FIREBASE -> firebase(json, sample);
              default -> null;
            };
      }
      if (problem != null) {
        throw new TemplateException(about + " " + problem);
      }
    }
  }

  private static JsonNode parse(String text, String about) throws TemplateException {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.isMissingNode()) {
        throw new TemplateException(about + " it makes nothing");
      }
      return json;
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation();
      int line = place == null ? 1 : place.getLineNr();
      throw new TemplateException(
          "%s it makes no JSON: line %s (%s): %s"
              .formatted(about, line, line(text, line), e.getOriginalMessage()));
    }
  }

  /** The place in the template may be lines off, where sections were left out; its text is not. */
  private static String line(String text, int number) {
    return shortened(text.lines().skip(number - 1L).findFirst().orElse("").strip());
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** No sample has such braces in its texts, so these are the rest of a tag that is none. */
  private static String braces(JsonNode json) {
    if (json.isTextual()) {
      return braces(json.textValue());
    }
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      String problem = braces(member.getKey());
      problem = problem == null ? braces(member.getValue()) : problem;
      if (problem != null) {
        return problem;
      }
    }
    for (JsonNode element : json.isArray() ? json : JSON.createArrayNode()) {
      String problem = braces(element);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static String braces(String text) {
    return text.contains("{{") || text.contains("}}")
        ? "it still has braces in \"%s\": a tag is {{NAME}}, with two braces on both sides"
            .formatted(shortened(text))
        : null;
  }

  private static String apple(JsonNode json, ApplePushType type) {
    if (!json.isObject()) {
      return "it makes no JSON object";
    }
    if (type == ApplePushType.BACKGROUND && json.at("/aps/content-available").asInt() != 1) {
      return "it lacks \"aps\": {\"content-available\": 1}, without which a background push wakes"
          + " no app";
    }
    return null;
  }

  private static String firebase(JsonNode json, Sample sample) {
    if (!json.path("message").path("token").asText().equals(sample.push().device().token())) {
      return "it lacks \"message\": {\"token\": \"{{token}}\"}, without which it reaches no device";
    }
    JsonNode ttl = json.at("/message/android/ttl");
    if (!ttl.asText().equals(TTL + "s")) {
      return "it lacks \"android\": {\"ttl\": \"{{ttl}}s\"} in \"message\", without which a phone"
          + " rings when the call is long over";
    }
    for (Map.Entry<String, JsonNode> entry : json.at("/message/data").properties()) {
      String key = entry.getKey();
      if (!entry.getValue().isTextual()) {
        return "the value of \"" + key + "\" in \"data\" is no string; Firebase takes nothing else";
      }
      if (RESERVED.contains(key) || key.startsWith("google")) {
        return "Firebase does not accept the key \"" + key + "\" in \"data\"";
      }
    }
    return null;
  }
}
