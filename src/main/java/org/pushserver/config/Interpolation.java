// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code %} means in a value: {@code %%} is one {@code %}, {@code %(key)s} the value of a key
 * of the same section. A {@code %} that is neither stands for itself.
 */
final class Interpolation {
  private static final Pattern SEQUENCE = Pattern.compile("%%|%\\(([^)]+)\\)s|%");

  /** As deep as Python's configparser follows references. */
  private static final int DEPTH = 10;

  private Interpolation() {}

  /**
   * Resolves one value.
   *
   * @param section the keys that may be referred to, unresolved, in lower case
   * @param wrong told what cannot be resolved and is therefore left as it is
   */
  static String resolve(String value, Map<String, String> section, Consumer<String> wrong) {
    return resolve(value, section, wrong, 1);
  }

  private static String resolve(
      String value, Map<String, String> section, Consumer<String> wrong, int depth) {
    Matcher sequence = SEQUENCE.matcher(value);
    return sequence.replaceAll(
        found ->
            Matcher.quoteReplacement(
                replacement(found.group(), found.group(1), section, wrong, depth)));
  }

  private static String replacement(
      String found, String key, Map<String, String> section, Consumer<String> wrong, int depth) {
    if (found.equals("%%")) {
      return "%";
    }
    if (key == null) {
      wrong.accept("a '%' stands alone; it is kept, write '%%' to be clear");
      return found;
    }
    String referred = section.get(KeyNames.lower(key));
    if (referred == null) {
      wrong.accept("'" + found + "' refers to a key that this section does not have; set it");
      return found;
    }
    if (depth >= DEPTH) {
      wrong.accept("'" + found + "' refers to itself; write the value out");
      return found;
    }
    return resolve(referred, section, wrong, depth + 1);
  }
}
