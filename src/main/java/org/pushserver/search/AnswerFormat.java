// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import java.util.Locale;
import java.util.Map;

/** In what form entries are answered. */
enum AnswerFormat {
  /** One object around all of them. */
  JSON("application/json"),
  /** A line for each, and each line is an object. */
  JSONL("application/jsonl; charset=utf-8"),
  /** A line for each, for a spreadsheet. */
  CSV("text/csv; charset=utf-8; header=present");

  private static final Map<String, AnswerFormat> ACCEPTED =
      Map.of(
          "application/jsonl", JSONL,
          "application/x-ndjson", JSONL,
          "application/x-jsonlines", JSONL,
          "text/csv", CSV);

  private final String type;

  AnswerFormat(String type) {
    this.type = type;
  }

  /** Its media type. */
  String type() {
    return type;
  }

  /** What a request accepts, by the first kind in its header that is one of ours; else JSON. */
  static AnswerFormat accepted(String accept) {
    if (accept != null) {
      for (String kind : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
        String type = kind.split(";", 2)[0].strip();
        if (ACCEPTED.containsKey(type)) {
          return ACCEPTED.get(type);
        }
        if (type.equals("application/json")) {
          return JSON;
        }
      }
    }
    return JSON;
  }
}
