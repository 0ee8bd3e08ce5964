// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.pushserver.cause.Explanation;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailJson;
import org.pushserver.trail.TrailStep;

/** What became of one push, for people: its steps as a ladder, and why it ended so. */
final class CallStory {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  /** Of the time, the time since the step before, and the ladder. */
  private static final int LEFT = 46;

  private static final String BETWEEN = "       |            ";

  private final TerminalText text;
  private final Clock clock;

  /** One line of the ladder. */
  private record Rung(long at, String lane, String words) {}

  CallStory(TerminalText text, Clock clock) {
    this.text = text;
    this.clock = clock;
  }

  /** The story of one push, a line each. */
  List<String> of(TrailEntry entry, Explanation why) {
    List<String> lines = new ArrayList<>();
    lines.add(title(entry));
    lines.addAll(indented("", about(entry)).stream().map(text::faint).toList());
    lines.add("");
    long before = entry.at();
    for (Rung rung : rungs(entry)) {
      lines.addAll(lines(rung, rung.at() - before));
      before = Math.max(before, rung.at());
    }
    lines.add("");
    indented("", why.sentence()).forEach(line -> lines.add(text.bold(line)));
    lines.addAll(indented("Do: ", why.next()));
    lines.add(text.faint("  More: " + why.link()));
    return lines;
  }

  private String title(TrailEntry entry) {
    List<String> names = new ArrayList<>();
    names.add(entry.account().isEmpty() ? "somebody" : entry.account());
    if (!entry.device().isEmpty()) {
      names.add("device " + entry.device());
    }
    if (entry.app() != null) {
      names.add(entry.app().toString());
    }
    return text.bold(TerminalText.plain(String.join(", ", names)))
        + ": "
        + TrailWords.coloured(text, entry.end(), TrailJson.outcome(entry.end()));
  }

  private static String about(TrailEntry entry) {
    List<String> facts = new ArrayList<>();
    facts.add(entry.event().isEmpty() ? "request" : entry.event());
    if (!entry.from().isEmpty()) {
      facts.add("from " + entry.from());
    }
    if (!entry.token().isEmpty()) {
      facts.add("token " + entry.token());
    }
    facts.add("asked by " + (entry.sender().isEmpty() ? "somebody" : entry.sender()));
    if (!entry.node().isEmpty()) {
      facts.add("at server " + entry.node());
    }
    facts.add("id " + entry.id());
    return TerminalText.plain(String.join(", ", facts));
  }

  private List<String> indented(String first, String words) {
    List<String> lines = new ArrayList<>();
    String plain = TerminalText.plain(words);
    for (String line : TerminalText.wrapped(plain, text.sentenceWidth() - 2 - first.length())) {
      lines.add("  " + (lines.isEmpty() ? first : " ".repeat(first.length())) + line);
    }
    return lines;
  }

  private List<String> lines(Rung rung, long sinceMs) {
    String since = sinceMs <= 0 ? "" : "+" + TrailWords.duration(sinceMs);
    String left = time(rung.at()) + " ".repeat(Math.max(1, 10 - since.length())) + since + "  ";
    List<String> lines = new ArrayList<>();
    int room = Math.max(30, (text.width() == 0 ? 120 : text.width()) - LEFT);
    for (String words : TerminalText.wrapped(TerminalText.plain(rung.words()), room)) {
      lines.add(
          lines.isEmpty()
              ? ("  " + text.faint(left) + rung.lane() + words).stripTrailing()
              : "  " + " ".repeat(left.length()) + BETWEEN + words);
    }
    return lines;
  }

  private String time(long at) {
    return TIME.format(Instant.ofEpochMilli(at).atZone(clock.getZone()));
  }

  private static List<Rung> rungs(TrailEntry entry) {
    List<Rung> rungs = new ArrayList<>();
    String service = service(entry);
    entry.steps().forEach(step -> add(rungs, entry, step, service));
    // An attempt that was answered after the next thing had begun stands where its answer came.
    rungs.sort(Comparator.comparingLong(Rung::at));
    return rungs;
  }

  private static String service(TrailEntry entry) {
    String platform = entry.app() == null ? "" : entry.app().platform();
    return switch (platform) {
      case AppKey.APPLE -> "Apple ";
      case AppKey.FIREBASE -> "Google";
      default -> "push  ";
    };
  }

  private static void add(List<Rung> rungs, TrailEntry entry, TrailStep step, String service) {
    switch (step.what()) {
      case ACCEPTED ->
          rungs.add(
              new Rung(
                  step.at(),
                  "PBX -->|            ",
                  entry.isDoorRefusal()
                      ? "refused: " + entry.code() + " " + entry.reason()
                      : entry.event() + note(step)));
      case JOINED ->
          rungs.add(new Rung(step.at(), "PBX -->|            ", filled(step, "the same again")));
      case ATTEMPT -> attempt(rungs, step, service, "");
      case LATE -> attempt(rungs, step, service, "after its end: ");
      case WAIT ->
          rungs.add(
              new Rung(
                  step.at(),
                  BETWEEN,
                  "waits"
                      + (step.tookMs() < 0 ? "" : " " + TrailWords.duration(step.tookMs()))
                      + note(step)));
      case ENDED ->
          rungs.add(
              new Rung(
                  step.at(), BETWEEN, "ended: " + TrailJson.outcome(entry.end()) + note(step)));
      case TOLD ->
          rungs.add(
              step.text().equals("the caller")
                  ? new Rung(step.at(), "PBX <--|            ", Integer.toString(step.status()))
                  : new Rung(
                      step.at(),
                      "  <----|            ",
                      filled(step, "somebody") + " was told" + status(step)));
      case WOKEN -> rungs.add(new Rung(step.at(), "       |      phone ", "woke up" + note(step)));
      case DISPLAYED ->
          rungs.add(new Rung(step.at(), "       |      phone ", "showed it" + note(step)));
      case REPEATED ->
          rungs.add(
              new Rung(
                  step.at(), BETWEEN, "nothing heard of the phone: pushed once more" + note(step)));
      case KEPT -> rungs.add(new Rung(step.at(), BETWEEN, "kept on disk"));
      case UNKEPT -> rungs.add(new Rung(step.at(), BETWEEN, "could not be kept on disk"));
      case TAKEN_UP -> rungs.add(new Rung(step.at(), BETWEEN, "taken up again" + note(step)));
    }
  }

  private static void attempt(List<Rung> rungs, TrailStep step, String service, String prefix) {
    List<String> facts = new ArrayList<>();
    facts.add("attempt" + (step.number() == 0 ? "" : " " + step.number()));
    if (!step.topic().isEmpty()) {
      facts.add(step.topic());
    }
    if (step.connection() != 0) {
      facts.add("connection " + step.connection());
    }
    rungs.add(
        new Rung(step.at(), "       |--> " + service + "  ", prefix + String.join(", ", facts)));
    boolean answered = step.status() != 0;
    if (answered || !step.text().isEmpty()) {
      rungs.add(
          new Rung(
              step.at() + Math.max(0, step.tookMs()),
              "       |<-- " + (answered ? service : "nobody") + "  ",
              (answered ? step.status() + " " : "") + step.text()));
    }
  }

  private static String note(TrailStep step) {
    return step.text().isEmpty() ? "" : ": " + step.text();
  }

  private static String filled(TrailStep step, String otherwise) {
    return step.text().isEmpty() ? otherwise : step.text();
  }

  private static String status(TrailStep step) {
    return step.status() == 0 ? "" : ": " + step.status();
  }
}
