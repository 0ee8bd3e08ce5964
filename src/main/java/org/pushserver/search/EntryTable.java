// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.pushserver.cause.Causes;
import org.pushserver.cause.Explanation;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailJson;

/**
 * Entries as a table for a spreadsheet, as RFC 4180 has it. Whoever calls a phone chooses much of
 * what stands in it: what a spreadsheet would take for a formula has an apostrophe before it. Any
 * thread.
 */
final class EntryTable {
  private static final String END = "\r\n";

  private static final List<String> COLUMNS =
      List.of(
          "at",
          "ended-at",
          "outcome",
          "code",
          "reason",
          "cause",
          "next",
          "app-id",
          "platform",
          "event",
          "call-id",
          "from",
          "account",
          "device-id",
          "token",
          "token-hash",
          "sender",
          "attempts",
          "id",
          "node");

  private EntryTable() {}

  static Buffer of(List<TrailEntry> entries) {
    StringBuilder table = new StringBuilder(String.join(",", COLUMNS)).append(END);
    for (TrailEntry entry : entries) {
      add(table, entry);
    }
    return Buffer.buffer(table.toString());
  }

  private static void add(StringBuilder table, TrailEntry entry) {
    Explanation why = Causes.explain(entry, List.of());
    List<String> cells =
        List.of(
            TrailJson.time(entry.at()),
            entry.endedAt() == 0 ? "" : TrailJson.time(entry.endedAt()),
            TrailJson.outcome(entry.end()),
            Integer.toString(entry.code()),
            entry.reason(),
            why.sentence(),
            why.next(),
            entry.app() == null ? "" : entry.app().appId(),
            entry.app() == null ? "" : entry.app().platform(),
            entry.event(),
            entry.callId(),
            entry.from(),
            entry.account(),
            entry.device(),
            entry.token(),
            TrailJson.hash(entry.tokenHash()),
            entry.sender(),
            Integer.toString(entry.attempts()),
            entry.id().toString(),
            entry.node());
    String comma = "";
    for (String cell : cells) {
      table.append(comma).append(cell(cell));
      comma = ",";
    }
    table.append(END);
  }

  /** One cell, in quotes when it needs them. */
  static String cell(String text) {
    String safe = isFormula(text) ? "'" + text : text;
    boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c < ' ');
    return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }

  private static boolean isFormula(String text) {
    String start = text.stripLeading();
    return !text.isEmpty()
        && (text.charAt(0) < ' ' || (!start.isEmpty() && "=+-@".indexOf(start.charAt(0)) >= 0));
  }
}
