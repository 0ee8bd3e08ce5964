// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.Status;
import org.pushserver.push.Outcome;
import org.pushserver.queue.PushCounts;
import org.pushserver.spi.Condition;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;

/**
 * An application, as its page shows it.
 *
 * @param state whether it can send, in words
 * @param style of the state
 * @param why it is so; empty while all is well
 * @param credentials how long they last, in words
 * @param credentialsStyle of that
 * @param rate how many pushes came a moment ago, and how they fared, in words
 * @param counts what became of all pushes since the server started, in words
 * @param waiting how many wait, and how many are with the push service, in words
 * @param refusals the newest, at most three
 * @param refusalsHref all of them
 */
record ApplicationModel(
    Excerpt name,
    String state,
    String style,
    Moment since,
    String why,
    String credentials,
    String credentialsStyle,
    String rate,
    String counts,
    String waiting,
    List<PushRow> refusals,
    boolean hasRefusals,
    String refusalsHref) {
  private static final int REFUSALS = 3;
  private static final double MINUTE = 60_000;

  /** From then on somebody should look after a new one. */
  private static final int SOON_DAYS = 30;

  /**
   * Of one that runs.
   *
   * @param measured null when it did not answer in time
   * @param recent what came a moment ago
   * @param window how far back that goes, in milliseconds
   * @param refused what was refused, newest first
   * @param now milliseconds since the epoch
   */
  static ApplicationModel of(
      Status status,
      ApplicationSnapshot measured,
      List<TrailEntry> recent,
      long window,
      List<TrailEntry> refused,
      long now) {
    Condition condition = status.condition();
    String name = status.application().key().toString();
    Map<String, String> search = new HashMap<>();
    search.put(SearchForm.APPLICATION, name);
    search.put(SearchForm.OUTCOME, SearchForm.FAILED);
    Long days = days(status.credentialExpiry(), now);
    return new ApplicationModel(
        Excerpt.of(name),
        state(condition),
        condition.state() == Condition.State.CONNECTED ? "good" : "bad",
        Moment.of(status.since()),
        Excerpt.line(condition.reason()),
        days == null ? "no end known" : credentials(days),
        days == null ? "plain" : days < 0 ? "bad" : days < SOON_DAYS ? "open" : "good",
        rate(recent, window),
        measured == null ? "not known just now" : counts(measured.counts()),
        measured == null
            ? "not known just now"
            : measured.counts().waiting()
                + " wait, "
                + measured.counts().inFlight()
                + " are with the push service",
        refused.stream().limit(REFUSALS).map(PushRow::of).toList(),
        !refused.isEmpty(),
        SearchForm.address(Console.PATH, search));
  }

  private static String state(Condition condition) {
    return switch (condition.state()) {
      case CONNECTED -> "connected";
      case CONNECTING -> "not connected, trying";
      case REFUSED -> "credentials refused";
    };
  }

  private static Long days(Instant end, long now) {
    return end == null
        ? null
        : Math.floorDiv(Duration.between(Instant.ofEpochMilli(now), end).toSeconds(), 86_400L);
  }

  private static String credentials(long days) {
    return days < 0 ? "expired" : days == 1 ? "1 day left" : days + " days left";
  }

  private static String rate(List<TrailEntry> recent, long window) {
    long delivered = recent.stream().filter(entry -> entry.end() == TrailEnd.DELIVERED).count();
    String rate = String.format(Locale.ROOT, "%.1f per minute", recent.size() * MINUTE / window);
    return recent.isEmpty() ? "none" : rate + ", " + share(delivered, recent.size());
  }

  private static String counts(PushCounts counts) {
    long ended = 0;
    for (Outcome.Result result : Outcome.Result.values()) {
      ended += counts.ended(result);
    }
    return ended == 0
        ? "none"
        : counts.accepted() + " accepted, " + share(counts.ended(Outcome.Result.DELIVERED), ended);
  }

  private static String share(long part, long all) {
    return String.format(Locale.ROOT, "%.1f %% delivered", 100.0 * part / all);
  }
}
