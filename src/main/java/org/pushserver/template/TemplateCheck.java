// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.spi.TemplateRules.Notifications;

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

  private final AppKey app;
  private final Event event;
  private final Notifications notifications;

  /**
   * @param notifications what the push service wants of them
   */
  TemplateCheck(AppKey app, Event event, Notifications notifications) {
    this.app = app;
    this.event = event;
    this.notifications = notifications;
  }

  /**
   * Checks.
   *
   * @param template with its line breaks
   * @throws TemplateException with what is wrong first, and in which line
   */
  void check(PayloadTemplate template) throws TemplateException {
    for (Sample sample : Sample.all(app, event, template.extraFields())) {
      String text = template.fill(new Values.Subject(sample.push(), TTL));
      String about = "for " + event + " " + sample.label();
      JsonNode json = parse(text, about);
      String problem = braces(json);
      if (problem == null) {
        problem = notifications.problem(json, sample.push(), TTL).orElse(null);
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
}
