// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;

/** What the table of causes may ask of an entry, and of those before it. Immutable. */
final class Facts {
  /** Of fewer pushes before it nothing is concluded. */
  static final int ENOUGH = 5;

  /** Who waits for a phone to ring has noticed by then. */
  static final long NOTICED_MS = 3_000;

  /** A phone that is fine wakes up in less. */
  static final long LATE_WAKE_MS = 8_000;

  private static final long UNKNOWN = -1;
  private static final Pattern NAME = Pattern.compile("\\{([a-z]+)\\}");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final String LAST_ANSWER = "last answer: ";

  private final TrailEntry entry;
  private final int looked;
  private final int alike;
  private final List<TrailStep> attempts;

  Facts(TrailEntry entry, List<TrailEntry> before) {
    this.entry = entry;
    String kind = kind(entry.reason());
    this.looked = before.size();
    this.alike =
        entry.end() == null || entry.end() == TrailEnd.DELIVERED
            ? 0
            : (int) before.stream().filter(one -> kind(one.reason()).equals(kind)).count();
    this.attempts = steps(What.ATTEMPT).toList();
  }

  /** What reasons of the same kind have in common: without our explanation, and numbers. */
  private static String kind(String reason) {
    int end = reason.indexOf(" - ");
    return NUMBER.matcher(end < 0 ? reason : reason.substring(0, end)).replaceAll("#");
  }

  TrailEntry entry() {
    return entry;
  }

  /** The platform, or {@link CauseRow#OTHER}; empty when the request named none. */
  String service() {
    if (entry.app() == null) {
      return "";
    }
    String platform = entry.app().platform();
    boolean known = platform.equals(AppKey.APPLE) || platform.equals(AppKey.FIREBASE);
    return known ? platform : CauseRow.OTHER;
  }

  int looked() {
    return looked;
  }

  int alike() {
    return alike;
  }

  boolean isEvent(String... names) {
    return List.of(names).contains(entry.event());
  }

  boolean has(What what) {
    return steps(what).findAny().isPresent();
  }

  Stream<TrailStep> steps(What what) {
    return entry.steps().stream().filter(step -> step.what() == what);
  }

  /** The attempts that were answered. */
  List<TrailStep> answers() {
    return attempts.stream().filter(step -> step.status() > 0).toList();
  }

  /** Whether each attempt was answered so. */
  boolean allAnswers(IntPredicate status) {
    return !attempts.isEmpty() && attempts.stream().allMatch(step -> status.test(step.status()));
  }

  /** From its acceptance to its end. */
  long tookMs() {
    return entry.endedAt() == 0 ? UNKNOWN : entry.endedAt() - entry.at();
  }

  /** From its acceptance to the first attempt, or to its end without one. */
  long waitedMs() {
    return attempts.isEmpty() ? tookMs() : attempts.get(0).at() - entry.at();
  }

  long lastAttemptMs() {
    return attempts.isEmpty() ? UNKNOWN : attempts.get(attempts.size() - 1).tookMs();
  }

  /** From its acceptance until the phone woke up. */
  long wokenMs() {
    return steps(What.WOKEN).mapToLong(TrailStep::tookMs).findFirst().orElse(UNKNOWN);
  }

  String topic() {
    return attempts.isEmpty() ? "" : attempts.get(attempts.size() - 1).topic();
  }

  private String who() {
    return switch (service()) {
      case AppKey.APPLE -> "Apple";
      case AppKey.FIREBASE -> "Google";
      default -> "the push service";
    };
  }

  /** What the push service, or we, said last; of a deadline only that. */
  private String said() {
    String reason = entry.reason();
    int last = reason.indexOf(LAST_ANSWER);
    if (last >= 0) {
      return reason.substring(last + LAST_ANSWER.length());
    }
    int why = reason.indexOf("; ");
    return entry.end() == TrailEnd.EXPIRED && why >= 0 ? reason.substring(why + 2) : reason;
  }

  /** The last thing that was said before what ended well. */
  private String before() {
    for (int i = attempts.size() - 2; i >= 0; i--) {
      TrailStep step = attempts.get(i);
      String status = step.status() == 0 ? "" : step.status() + " ";
      if (step.status() > 0 || !step.text().isEmpty()) {
        return (status + step.text()).strip();
      }
    }
    return "no answer";
  }

  /** What it waits for, or waited for before it was sent for the first time. */
  private String waitsFor() {
    String why = "";
    for (TrailStep step : entry.steps()) {
      if (step.what() == What.ATTEMPT && !why.isEmpty()) {
        break;
      }
      why = step.what() == What.WAIT ? step.text() : why;
    }
    return why.isEmpty() ? "its turn" : why;
  }

  /** Puts values in the place of names in braces. */
  String fill(String sentence) {
    String filled =
        NAME.matcher(sentence).replaceAll(name -> Matcher.quoteReplacement(value(name.group(1))));
    return sentence.startsWith("{who}")
        ? Character.toUpperCase(filled.charAt(0)) + filled.substring(1)
        : filled;
  }

  private String value(String name) {
    return switch (name) {
      case "app" -> entry.app() == null ? "the application" : entry.app().appId();
      case "platform" -> entry.app() == null ? "its platform" : entry.app().platform();
      case "who" -> who();
      case "said" -> said().isEmpty() ? "nothing" : said();
      case "before" -> before();
      case "waits" -> waitsFor();
      case "code" -> Integer.toString(entry.code());
      case "attempts" -> Integer.toString(entry.attempts());
      case "asked" -> Long.toString(1 + steps(What.JOINED).count());
      case "alike" -> Integer.toString(alike);
      case "looked" -> Integer.toString(looked);
      case "took" -> seconds(tookMs());
      case "waited" -> seconds(waitedMs());
      case "answer" -> seconds(lastAttemptMs());
      case "woken" -> seconds(wokenMs());
      case "shown" ->
          seconds(steps(What.DISPLAYED).mapToLong(TrailStep::tookMs).findFirst().orElse(UNKNOWN));
      case "topic" -> topic().isEmpty() ? "that of the application" : topic();
      case "sender" -> entry.sender().isEmpty() ? "the sender" : entry.sender();
      default -> throw new IllegalArgumentException("no value is called " + name);
    };
  }

  private static String seconds(long ms) {
    if (ms < 0) {
      return "some time";
    }
    if (ms < 1_000) {
      return ms + " ms";
    }
    return ms < 10_000
        ? String.format(Locale.ROOT, "%.1f s", ms / 1000.0)
        : Math.round(ms / 1000.0) + " s";
  }
}
