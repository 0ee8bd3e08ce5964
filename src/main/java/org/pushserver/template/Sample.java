// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

/**
 * A push to try a template on.
 *
 * @param label what is special about it, as the end of a sentence
 * @param push of no device that exists
 */
record Sample(String label, Push push) {
  /** All that JSON has to escape, and more. */
  private static final String TEXT = "a \"b\" \\ {c}\n\t\u00e9\u20ac";

  private static final List<String> OPTIONAL =
      List.of(
          "device-id",
          "from-display-name",
          "media-type",
          "reason",
          "account",
          "filename",
          "filetype",
          "content",
          "content-type");

  /**
   * Pushes with all fields and with as few as may be, with all but one and with that one alone: a
   * comma too many shows in one of them.
   *
   * @param extraFields the further fields that the template uses
   */
  static List<Sample> all(AppKey app, Event event, Set<String> extraFields) {
    Map<String, String> full = new LinkedHashMap<>();
    OPTIONAL.forEach(name -> full.put(name, TEXT));
    extraFields.forEach(name -> full.put(Values.EXTRA + name, TEXT));
    List<Sample> all = new ArrayList<>();
    for (boolean silent : new boolean[] {true, false}) {
      String how = silent ? "" : ", silent = false";
      all.add(new Sample("with all fields" + how, push(app, event, full, silent)));
      all.add(new Sample("with few fields" + how, push(app, event, Map.of(), silent)));
    }
    for (String name : full.keySet()) {
      Map<String, String> without = new LinkedHashMap<>(full);
      without.remove(name);
      all.add(new Sample("without " + name, push(app, event, without, true)));
      all.add(new Sample("with " + name + " alone", push(app, event, Map.of(name, TEXT), true)));
    }
    return all;
  }

  private static Push push(AppKey app, Event event, Map<String, String> texts, boolean silent) {
    Map<String, String> extra = new LinkedHashMap<>();
    texts.forEach(
        (name, text) -> {
          if (name.startsWith(Values.EXTRA)) {
            extra.put(name.substring(Values.EXTRA.length()), text);
          }
        });
    Details details =
        new Details(
            TEXT,
            texts.get("from-display-name"),
            TEXT,
            texts.get("media-type"),
            silent,
            texts.get("reason"),
            1,
            texts.get("account"),
            texts.get("filename"),
            texts.get("filetype"),
            texts.get("content"),
            texts.get("content-type"),
            extra);
    return new Push(
        new UUID(0, 0),
        app,
        new Device("0123456789abcdef", texts.get("device-id")),
        event,
        TEXT,
        details,
        0,
        1000);
  }
}
