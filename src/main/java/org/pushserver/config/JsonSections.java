// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * Reads JSON that says what an INI file could say: an object for each section, with its keys.
 * Values are text, numbers, true and false, or arrays of these, which become a list with commas. A
 * {@code %} means nothing else.
 */
final class JsonSections {
  private static final String DEFAULT = "DEFAULT";

  /** As a plain decimal 1e999999999 would fill the memory. */
  private static final int MOST_DIGITS = 400;

  private final String name;
  private final Severity wrong;
  private final List<Problem> problems = new ArrayList<>();

  private JsonSections(String name, Severity wrong) {
    this.name = name;
    this.wrong = wrong;
  }

  /**
   * Never fails: what cannot be read is in the result's problems, which quote no value.
   *
   * @param name what the JSON is called in messages
   * @param wrong how bad it is when something is not of its type
   */
  static IniFile read(String name, Severity wrong, JsonObject json) {
    return new JsonSections(name, wrong).read(json);
  }

  private IniFile read(JsonObject json) {
    Map<String, Map<String, String>> own = new LinkedHashMap<>();
    json.fieldNames().forEach(section -> own.put(section, keys(section, json.getValue(section))));
    Map<String, String> defaults = own.getOrDefault(DEFAULT, Map.of());
    own.remove(DEFAULT);
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    own.forEach(
        (section, keys) -> {
          Map<String, String> all = new LinkedHashMap<>(defaults);
          all.putAll(keys);
          sections.put(section, all);
        });
    return new IniFile(name, sections, defaults, problems);
  }

  private Map<String, String> keys(String section, Object value) {
    Map<String, String> keys = new LinkedHashMap<>();
    if (!(value instanceof JsonObject object)) {
      report(section, "", "it is no JSON object; set it to one with the keys of the section");
      return keys;
    }
    Map<String, String> spelt = new LinkedHashMap<>();
    for (String key : object.fieldNames()) {
      String other = spelt.putIfAbsent(KeyNames.lower(key), key);
      if (other != null) {
        report(section, key, "this key is there as " + other + ", too; remove one of the two");
      }
      Optional<String> text = text(object.getValue(key));
      if (text.isEmpty()) {
        report(
            section,
            key,
            "it is neither text, a number, true, false, nor an array of these; set it to one of"
                + " them, or leave it out");
      }
      text.ifPresent(found -> keys.put(KeyNames.lower(key), found));
    }
    return keys;
  }

  private static Optional<String> text(Object value) {
    if (!(value instanceof JsonArray array)) {
      return single(value);
    }
    List<String> items = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      Optional<String> item = single(array.getValue(i));
      if (item.isEmpty()) {
        return item;
      }
      items.add(item.get());
    }
    return Optional.of(String.join(", ", items));
  }

  private static Optional<String> single(Object value) {
    if (value instanceof CharSequence || value instanceof Boolean) {
      return Optional.of(value.toString());
    }
    try {
      return value instanceof Number number
          ? Optional.of(new BigDecimal(number.toString()).stripTrailingZeros())
              .filter(decimal -> Math.abs(decimal.scale()) <= MOST_DIGITS)
              // 8400.0 and 8.4e3 are 8400.
              .map(BigDecimal::toPlainString)
          : Optional.empty();
    } catch (NumberFormatException e) {
      // NaN, or infinite.
      return Optional.empty();
    }
  }

  private void report(String section, String key, String message) {
    problems.add(new Problem(wrong, name, section, KeyNames.shown(key), message));
  }
}
