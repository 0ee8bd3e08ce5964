// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;

/** The examples in the table of causes, one for each row. */
final class CauseExamples {
  static final Path TABLE = Path.of("src/main/resources/org/pushserver/cause/causes.json");

  private static final long NOW = 1_796_000_000_000L;

  /**
   * An entry, and those before it.
   *
   * @param row its row in the table, as written
   */
  record Example(JsonNode row, TrailEntry entry, List<TrailEntry> before) {
    Explanation explained() {
      return Causes.explain(entry, before);
    }
  }

  private CauseExamples() {}

  /** By the id of their row, in the order of the table. */
  static Map<String, Example> read() throws IOException {
    Map<String, Example> examples = new LinkedHashMap<>();
    for (JsonNode row : new ObjectMapper().readTree(TABLE.toFile())) {
      JsonNode example = row.path("example");
      if (examples.put(row.path("id").asText(), new Example(row, entry(example), before(example)))
          != null) {
        throw new IllegalArgumentException("two rows are called " + row.path("id"));
      }
    }
    return examples;
  }

  private static TrailEntry entry(JsonNode example) {
    String end = example.path("end").asText();
    return entry(
        end.equals("waiting")
            ? null
            : TrailEnd.valueOf(end.toUpperCase(Locale.ROOT).replace('-', '_')),
        example.path("app").asText(),
        example.path("event").asText("incoming_session"),
        example.path("code").asInt(),
        example.path("reason").asText(),
        example.path("attempts").asInt(),
        example.path("took").asLong(100),
        steps(example));
  }

  /** One of an application that answers like that. */
  static TrailEntry entry(
      TrailEnd end,
      String platform,
      String event,
      int code,
      String reason,
      int attempts,
      long took,
      List<TrailStep> steps) {
    return new TrailEntry(
        UUID.randomUUID(),
        NOW,
        end == null ? 0 : NOW + took,
        end,
        new AppKey("com.example.phone", platform),
        event,
        "a84b4c@pbx",
        "sip:alice@example.com",
        "bob@example.com",
        "device-1",
        "0123456789ab…",
        1,
        "192.0.2.7",
        code,
        reason,
        attempts,
        steps,
        "");
  }

  /** What, milliseconds after the request, status, how long it took, text. */
  private static List<TrailStep> steps(JsonNode example) {
    List<TrailStep> steps = new ArrayList<>();
    int number = 0;
    for (JsonNode text : example.path("steps")) {
      String[] words = text.asText().split(" ", 5);
      TrailStep.What what = TrailStep.What.valueOf(words[0].toUpperCase(Locale.ROOT));
      steps.add(
          new TrailStep(
              what,
              NOW + Long.parseLong(words[1]),
              what == TrailStep.What.ATTEMPT ? ++number : 0,
              Integer.parseInt(words[2]),
              words.length > 4 ? words[4] : "",
              Long.parseLong(words[3]),
              example.path("topic").asText(),
              1));
    }
    if (steps.isEmpty() && !example.path("topic").asText().isEmpty()) {
      steps.add(
          new TrailStep(
              TrailStep.What.ATTEMPT,
              NOW + 10,
              1,
              400,
              example.path("reason").asText(),
              80,
              example.path("topic").asText(),
              1));
    }
    return steps;
  }

  /** So many of so many ended for the same reason; the others were delivered. */
  private static List<TrailEntry> before(JsonNode example) {
    List<TrailEntry> before = new ArrayList<>();
    TrailEntry same = entry(example);
    int alike = example.path("alike").path(0).asInt();
    for (int i = 0; i < example.path("alike").path(1).asInt(); i++) {
      before.add(
          i < alike
              ? same
              : entry(
                  TrailEnd.DELIVERED,
                  example.path("app").asText(),
                  "incoming_session",
                  200,
                  "",
                  1,
                  100,
                  List.of()));
    }
    return before;
  }
}
