// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pushserver.spi.Problem;

/**
 * What an INI file says, before anybody asks what it means. Immutable; any thread.
 *
 * @param file where it was read, for messages
 * @param sections in the order of the file; keys in lower case, {@code %} sequences resolved, the
 *     keys of {@code [DEFAULT]} included in each section
 * @param defaults the keys of {@code [DEFAULT]}, which is no section itself
 * @param problems what is not good INI; an ERROR spoils its section, or with no section the file
 */
record IniFile(
    String file,
    Map<String, Map<String, String>> sections,
    Map<String, String> defaults,
    List<Problem> problems) {

  IniFile {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(sections, "sections");
    Objects.requireNonNull(defaults, "defaults");
    problems = List.copyOf(problems);
  }

  /** A file that says nothing. */
  static IniFile empty(String file, Problem... problems) {
    return new IniFile(file, Map.of(), Map.of(), List.of(problems));
  }

  /** The form in which Vert.x Config hands it on; {@link #fromJson} reads it. */
  JsonObject toJson() {
    JsonObject all = new JsonObject();
    sections.forEach((name, keys) -> all.put(name, json(keys)));
    JsonArray wrong = new JsonArray();
    for (Problem problem : problems) {
      wrong.add(
          new JsonObject()
              .put("severity", problem.severity().name())
              .put("section", problem.section())
              .put("key", problem.key())
              .put("message", problem.message()));
    }
    return new JsonObject()
        .put("file", file)
        .put("sections", all)
        .put("defaults", json(defaults))
        .put("problems", wrong);
  }

  /** The reverse of {@link #toJson}. */
  static IniFile fromJson(JsonObject json) {
    String file = json.getString("file");
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    JsonObject all = json.getJsonObject("sections");
    all.fieldNames().forEach(name -> sections.put(name, map(all.getJsonObject(name))));
    List<Problem> problems = new ArrayList<>();
    JsonArray wrong = json.getJsonArray("problems");
    for (int i = 0; i < wrong.size(); i++) {
      JsonObject problem = wrong.getJsonObject(i);
      problems.add(
          new Problem(
              Problem.Severity.valueOf(problem.getString("severity")),
              file,
              problem.getString("section"),
              problem.getString("key"),
              problem.getString("message")));
    }
    return new IniFile(file, sections, map(json.getJsonObject("defaults")), problems);
  }

  private static JsonObject json(Map<String, String> keys) {
    JsonObject json = new JsonObject();
    keys.forEach(json::put);
    return json;
  }

  private static Map<String, String> map(JsonObject json) {
    Map<String, String> map = new LinkedHashMap<>();
    json.fieldNames().forEach(name -> map.put(name, json.getString(name)));
    return map;
  }

  /** Without values: some of them are secrets. */
  @Override
  public String toString() {
    return file + " " + sections.keySet();
  }
}
