// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.pushserver.console.LadderStep.Lane.PBX;
import static org.pushserver.console.LadderStep.Lane.PHONE;
import static org.pushserver.console.LadderStep.Lane.SERVER;
import static org.pushserver.console.LadderStep.Lane.SERVICE;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.pushserver.console.LadderStep.Lane;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;

/**
 * The steps of pushes in the order of time, each between those whom it concerns. For one call, one
 * thread.
 */
final class Ladder {
  /** Of a call to very many devices the rest is shown push by push. */
  private static final int MOST = 1000;

  private final List<Line> lines = new ArrayList<>();

  /** A line without what depends on the others. */
  private record Line(
      long at, String device, Lane from, Lane to, String mood, String text, String detail) {}

  private Ladder() {}

  /**
   * The ladder of some pushes.
   *
   * @param entries oldest first
   */
  static List<LadderStep> of(List<TrailEntry> entries) {
    Ladder ladder = new Ladder();
    for (int i = 0; i < entries.size(); i++) {
      ladder.add(entries.get(i), entries.size() == 1 ? "" : Integer.toString(i + 1));
    }
    return ladder.steps();
  }

  private List<LadderStep> steps() {
    // Of one moment the order in which they were put down.
    lines.sort(Comparator.comparingLong(Line::at));
    long first = lines.isEmpty() ? 0 : lines.get(0).at();
    return lines.stream().limit(MOST).map(line -> step(line, first)).toList();
  }

  private static LadderStep step(Line line, long first) {
    return new LadderStep(
        Moment.of(line.at()),
        "+" + Moment.span(Math.max(0, line.at() - first)),
        line.device(),
        line.from() == line.to()
            ? line.from().words()
            : line.from().words() + " → " + line.to().words(),
        style(line),
        line.text(),
        Excerpt.of(line.detail()));
  }

  private static String style(Line line) {
    int left = Math.min(line.from().place(), line.to().place());
    int right = Math.max(line.from().place(), line.to().place());
    String way =
        line.from() == line.to() ? "here" : line.from().place() < line.to().place() ? "on" : "back";
    return "lane-" + left + "-" + right + " " + way + " " + line.mood();
  }

  private void add(TrailEntry entry, String device) {
    boolean ended = false;
    boolean heard = false;
    for (TrailStep step : entry.steps()) {
      add(entry, step, device);
      ended |= step.what() == TrailStep.What.ENDED;
      heard |= step.what() == TrailStep.What.WOKEN || step.what() == TrailStep.What.DISPLAYED;
    }
    if (!ended && entry.end() != null) {
      end(entry, entry.endedAt(), device);
    }
    if (!heard && entry.end() == TrailEnd.DELIVERED) {
      lines.add(
          new Line(
              entry.endedAt(),
              device,
              SERVICE,
              PHONE,
              "unknown",
              "taken for delivery; the phone has not told whether it woke up",
              ""));
    }
  }

  private void add(TrailEntry entry, TrailStep step, String device) {
    switch (step.what()) {
      case ACCEPTED ->
          line(step, device, PBX, SERVER, "plain", "request: " + Excerpt.of(entry.event()).text());
      case JOINED -> line(step, device, PBX, SERVER, "plain", "the same again; shares the answer");
      case ATTEMPT -> attempt(step, device);
      case WAIT -> line(step, device, SERVER, SERVER, "wait", wait(step));
      case LATE -> line(step, device, SERVICE, SERVER, "wait", "answer after the end" + took(step));
      case ENDED -> end(entry, step.at(), device);
      case TOLD -> line(step, device, SERVER, PBX, mood(step.status()), "told" + status(step));
      case WOKEN -> line(step, device, PHONE, SERVER, "good", "woke up" + took(step));
      case DISPLAYED -> line(step, device, PHONE, SERVER, "good", "showed it" + took(step));
      case REPEATED ->
          line(step, device, SERVER, SERVER, "wait", "no word of the phone: once more");
      case KEPT -> line(step, device, SERVER, SERVER, "plain", "kept on disk");
      case UNKEPT -> line(step, device, SERVER, SERVER, "bad", "could not be kept on disk");
      case TAKEN_UP -> line(step, device, SERVER, SERVER, "wait", "taken up again");
    }
  }

  private void line(TrailStep step, String device, Lane from, Lane to, String mood, String text) {
    lines.add(new Line(step.at(), device, from, to, mood, text, step.text()));
  }

  /** Two lines: when the push service was asked, and when it answered. */
  private void attempt(TrailStep step, String device) {
    StringBuilder asked = new StringBuilder("attempt ").append(step.number());
    if (step.connection() > 0) {
      asked.append(", connection ").append(step.connection());
    }
    lines.add(new Line(step.at(), device, SERVER, SERVICE, "plain", asked.toString(), topic(step)));
    boolean answered = step.status() != 0;
    lines.add(
        new Line(
            step.at() + Math.max(0, step.tookMs()),
            device,
            SERVICE,
            SERVER,
            mood(step.status()),
            answered ? "answer " + step.status() + took(step) : "no answer" + took(step),
            step.text()));
  }

  private static String topic(TrailStep step) {
    return step.topic().isEmpty() ? "" : "apns-topic " + step.topic();
  }

  private static String wait(TrailStep step) {
    return step.tookMs() < 0 ? "waits" : "waits " + Moment.span(step.tookMs());
  }

  private static String took(TrailStep step) {
    return step.tookMs() < 0 ? "" : " after " + Moment.span(step.tookMs());
  }

  private static String status(TrailStep step) {
    return step.status() == 0 ? "" : ": " + step.status();
  }

  private static String mood(int status) {
    return status >= 200 && status < 300 ? "good" : "bad";
  }

  private void end(TrailEntry entry, long at, String device) {
    String code = entry.code() == 0 ? "" : ", answered " + entry.code();
    lines.add(
        new Line(
            at,
            device,
            SERVER,
            entry.isDoorRefusal() ? PBX : SERVER,
            "end " + Outcomes.style(entry.end()),
            Outcomes.words(entry.end()) + code,
            entry.reason()));
  }
}
