// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.pushserver.events.Attempt;
import org.pushserver.push.Answer;
import org.pushserver.push.Device;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Reason;
import org.pushserver.trail.TrailStep.What;

/**
 * What is written down of a push on its way: as little as there is, because a hundred thousand may
 * wait. Confined to the event loop of its application until it has ended, and then to whoever makes
 * an entry of it.
 */
final class TrailDraft {
  /** So many steps of one push are kept: the first half of them, and the last. */
  private static final int MOST_STEPS = 128;

  /** What one takes while it waits to be written, beside its texts. */
  private static final int USUAL_BYTES = 700;

  private static final String CALLER = "the caller";
  private static final String TAKEN_AT = "it came in at server ";
  private static final int TAKEN = 202;

  private final Push push;
  private boolean isAwaited;

  /** Whether it is not known what its caller was told. */
  private boolean isNobodyTold;

  /** Null while there is none but those that every push has. */
  private List<TrailStep> steps;

  private int leftOut;
  private Outcome outcome;
  private long endedAt;

  /**
   * @param isAwaited whether its caller waits for the end
   */
  TrailDraft(Push push, boolean isAwaited) {
    this.push = push;
    this.isAwaited = isAwaited;
  }

  /** When the last thing happened to it, milliseconds since the epoch. */
  long lastAt() {
    if (steps == null) {
      return push.bornAt();
    }
    TrailStep last = steps.get(steps.size() - 1);
    return last.at() + (last.what() == What.ATTEMPT ? Math.max(0, last.tookMs()) : 0);
  }

  /** Its caller waits for the end after all. */
  void isAwaited() {
    isAwaited = true;
  }

  /** What a former process has told its caller is not known, and this one tells nobody. */
  void nobodyIsTold() {
    isNobodyTold = true;
  }

  void add(TrailStep step) {
    if (steps == null) {
      steps = new ArrayList<>(2);
    } else if (steps.size() == MOST_STEPS) {
      TrailStep unused = steps.remove(MOST_STEPS / 2);
      leftOut++;
    }
    steps.add(step);
  }

  /** How one attempt reads. */
  static TrailStep step(What what, Attempt attempt) {
    Answer answer = attempt.answer();
    Response said = answer == null ? null : answer.response();
    String topic = attempt.payload().headers().get("apns-topic");
    return new TrailStep(
        what,
        attempt.startedAt(),
        attempt.number(),
        said == null ? 0 : said.code(),
        said == null ? Reason.of(attempt.failure()) : reason(answer),
        attempt.tookNanos() / 1_000_000,
        topic == null ? "" : topic,
        said == null ? 0 : (int) said.connection());
  }

  /** That it was taken needs no words, though Google says OK. */
  private static String reason(Answer answer) {
    return answer instanceof Answer.Delivered ? "" : answer.response().reason();
  }

  /** Puts down the end, after which it is an entry. */
  TrailDraft end(Outcome how, long now) {
    outcome = how;
    endedAt = now;
    return this;
  }

  boolean isDelivered() {
    return outcome != null && outcome.result() == Outcome.Result.DELIVERED;
  }

  Push push() {
    return push;
  }

  /** About what it takes of the memory while it waits to be written, in bytes. */
  int weight() {
    Device device = push.device();
    return USUAL_BYTES
        + push.callId().length()
        + 2 * device.registration().length()
        + length(push.details().content())
        + length(push.request())
        + (steps == null ? 0 : steps.size() * 100);
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  /** Whether its entry may fit a query; false costs next to nothing. */
  boolean mayFit(TrailQuery query) {
    return (query.push() == null || query.push().equals(push.id()))
        && (query.callId().isEmpty() || query.callId().equals(push.callId()))
        && (query.device().isEmpty() || query.device().equals(push.device().id()))
        && push.bornAt() >= query.from()
        && push.bornAt() < query.to()
        && query.ends().isEmpty()
        && query.reason().isEmpty();
  }

  /** What is known of it now. */
  TrailEntry entry() {
    Device device = push.device();
    String to = push.details().to();
    String callee = to == null || to.isEmpty() ? push.details().account() : to;
    TrailEnd end = outcome == null ? null : TrailEnd.of(outcome.result());
    return new TrailEntry(
        push.id(),
        push.bornAt(),
        outcome == null ? 0 : Math.max(endedAt, push.bornAt()),
        end,
        push.app(),
        push.event().name(),
        push.callId(),
        text(push.details().from()),
        Accounts.of(push.account() == null ? callee : push.account()),
        // Some senders know a device by its token alone.
        text(device.id() == null ? null : device.cut(device.id())),
        device.shortToken(),
        TokenHash.of(device.token()),
        text(push.sender()),
        outcome == null ? 0 : outcome.response().code(),
        outcome == null || end == TrailEnd.DELIVERED ? "" : outcome.response().reason(),
        outcome == null ? attempts() : outcome.attempts(),
        timeline(end),
        "");
  }

  private static String text(String text) {
    return Objects.requireNonNullElse(text, "");
  }

  private int attempts() {
    int most = 0;
    if (steps != null) {
      for (TrailStep step : steps) {
        most = step.what() == What.ATTEMPT ? Math.max(most, step.number()) : most;
      }
    }
    return most;
  }

  private List<TrailStep> timeline(TrailEnd end) {
    List<TrailStep> all = new ArrayList<>(4 + (steps == null ? 0 : steps.size()));
    String door = push.door();
    all.add(TrailStep.of(What.ACCEPTED, push.bornAt(), door == null ? "" : TAKEN_AT + door));
    if (!isAwaited && !isNobodyTold && end != TrailEnd.OVERLOADED) {
      all.add(told(push.bornAt(), TAKEN));
    }
    if (steps != null) {
      all.addAll(steps);
      if (leftOut > 0) {
        int middle = all.size() - steps.size() / 2;
        all.add(
            middle,
            TrailStep.of(What.WAIT, all.get(middle).at(), leftOut + " steps are left out here"));
      }
    }
    if (end != null) {
      all.add(TrailStep.of(What.ENDED, endedAt, ""));
      if (isAwaited || end == TrailEnd.OVERLOADED) {
        all.add(told(endedAt, outcome.response().code()));
      }
    }
    return all;
  }

  private static TrailStep told(long at, int code) {
    return new TrailStep(What.TOLD, at, 0, code, CALLER, -1, "", 0);
  }
}
