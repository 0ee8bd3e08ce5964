// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailJson;

/** One line for each push, in columns that fit the terminal; in a pipe they are never cut. */
final class PushLines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT);

  private static final int OUTCOME = 10;
  private static final int TOOK = 7;

  /** Of the columns that are always there, with what is between them. */
  private static final int FIXED = 14 + 2 + OUTCOME + 1 + TOOK + 2;

  /** So wide it must be to show an application, and a reason. */
  private static final int WIDE = 120;

  private static final int SHORTEST = 16;
  private static final int NODE = 8;

  private final TerminalText text;
  private final Clock clock;
  private final int width;
  private final int account;
  private final int callId;
  private final int app;

  /** 0 when there is one server alone. */
  private final int node;

  /**
   * @param several whether there are several servers, whose names are shown
   */
  PushLines(TerminalText text, Clock clock, boolean several) {
    this.text = text;
    this.clock = clock;
    this.width = text.width() == 0 ? Integer.MAX_VALUE : text.width();
    boolean wide = width >= WIDE;
    this.node = several ? NODE : 0;
    int room = Math.min(width, 160) - FIXED - (several ? NODE + 2 : 0);
    this.account = wide ? 28 : Math.max(SHORTEST, room / 2 - 1);
    this.callId = wide ? 28 : Math.max(SHORTEST, room - account - 2);
    this.app = wide ? 26 : 0;
  }

  /** The names of the columns. */
  String head() {
    String head =
        cell("time", 14)
            + "  "
            + cell("outcome", OUTCOME)
            + " "
            + " ".repeat(TOOK - 4)
            + "took  "
            + (node == 0 ? "" : cell("server", node) + "  ")
            + cell("account", account)
            + "  "
            + cell("call-id", callId)
            + (app == 0 ? "" : "  " + cell("application", app) + "  device, reason");
    return text.faint(head.stripTrailing());
  }

  /** One push. */
  String of(TrailEntry entry) {
    String outcome = cell(TrailJson.outcome(entry.end()), OUTCOME);
    String took =
        entry.endedAt() == 0 || entry.isDoorRefusal()
            ? ""
            : TrailWords.duration(entry.endedAt() - entry.at());
    String line =
        text.faint(TIME.format(Instant.ofEpochMilli(entry.at()).atZone(clock.getZone())))
            + "  "
            + TrailWords.coloured(text, entry.end(), outcome)
            + " "
            + " ".repeat(Math.max(0, TOOK - took.length()))
            + took
            + "  "
            + (node == 0 ? "" : cell(entry.node().isEmpty() ? "-" : entry.node(), node) + "  ")
            + cell(entry.account().isEmpty() ? sender(entry) : entry.account(), account)
            + "  "
            + cell(entry.callId().isEmpty() ? "-" : entry.callId(), callId);
    return (app == 0 ? line : line + "  " + rest(entry)).stripTrailing();
  }

  /** Of a request that named nobody: who sent it. */
  private static String sender(TrailEntry entry) {
    return entry.sender().isEmpty() ? "-" : "(" + entry.sender() + ")";
  }

  private String rest(TrailEntry entry) {
    String device = entry.device().isEmpty() ? "" : entry.device();
    String reason = entry.reason().isEmpty() ? "" : (device.isEmpty() ? "" : ": ") + entry.reason();
    String words = TerminalText.plain(device + reason);
    int used = FIXED + (node == 0 ? 0 : node + 2) + account + 2 + callId + 2 + app + 2;
    return cell(entry.app() == null ? "-" : entry.app().toString(), app)
        + "  "
        + (width == Integer.MAX_VALUE || words.isEmpty()
            ? words
            : TerminalText.column(words, Math.max(1, width - used)));
  }

  /** In a pipe what is longer than its column shifts the others. */
  private String cell(String words, int columns) {
    String plain = TerminalText.plain(words);
    return width == Integer.MAX_VALUE && plain.length() > columns
        ? plain
        : TerminalText.column(plain, columns);
  }
}
