// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.pushserver.events.Attempt;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Response;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the outages of one application's push service: one warning when an outage begins, and
 * one, with what it cost, when it has ended. A single attempt that fails is none, and neither is a
 * connection that is replaced within a moment.
 *
 * <p>Confined to one event loop. While all is well it costs a push a comparison.
 */
final class Outage {
  /** So many attempts in a row, of whatever pushes, have failed. */
  static final int FAILED_IN_A_ROW = 3;

  /** What is over sooner is not worth a warning. */
  static final Duration SHORTEST = Duration.ofSeconds(2);

  /** The same for the first connection, while nothing has failed: a busy machine is slow then. */
  static final Duration FIRST_CONNECTION = Duration.ofSeconds(10);

  /** It has ended when for so long nothing failed after an answer that was good. */
  static final Duration CALM = Duration.ofSeconds(6);

  /** The same after a mere connection: what was sent over it may still be without an answer. */
  static final Duration LONG_CALM = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");
  private static final long NONE = -1;

  private final String platform;
  private final Time time;
  private String section;

  /** Whether something is wrong now; the rest then tells of it. */
  private boolean trouble;

  private boolean told;
  private long since;
  private int inARow;
  private Answer lastAnswer;
  private Throwable lastFailure;
  private String unconnected;

  /** Whether the very first try to connect is under way, or has yet to begin. */
  private boolean firstTry = true;

  /** Whether an answer was good, and nothing failed since. */
  private boolean good;

  private long recovered;
  private long timer = NONE;

  private long failed;
  private long expired;
  private long turnedAway;

  Outage(String section, String platform, Time time) {
    this.section = section;
    this.platform = platform;
    this.time = time;
  }

  /** Goes on under another name. */
  void rename(String newSection) {
    section = newSection;
  }

  /** The push service was asked, or could not be. */
  void attempted(Attempt attempt) {
    if (attempt.answer() == null || attempt.answer() instanceof Answer.Later) {
      failed(attempt);
    } else if (trouble) {
      answered();
    }
  }

  private void failed(Attempt attempt) {
    if (!trouble) {
      begin(time.nanos() - attempt.tookNanos());
    }
    failed++;
    inARow++;
    good = false;
    lastAnswer = attempt.answer();
    lastFailure = attempt.failure();
    if (unconnected == null) {
      stopTimer();
    }
    if (!told && inARow >= FAILED_IN_A_ROW && time.nanos() - since >= SHORTEST.toNanos()) {
      warn();
    }
  }

  private void begin(long nanos) {
    trouble = true;
    told = false;
    since = nanos;
    inARow = 0;
    failed = 0;
    expired = 0;
    turnedAway = 0;
    good = false;
    lastAnswer = null;
    lastFailure = null;
  }

  /** Over a connection that is being left, answers may come although there is no other. */
  private void answered() {
    inARow = 0;
    if (unconnected != null) {
      return;
    }
    if (!told) {
      stopTimer();
      trouble = false;
    } else if (!good) {
      good = true;
      recover(CALM);
    }
  }

  /** One that comes back within a moment has not ended: else each try would be told. */
  private void recover(Duration calm) {
    stopTimer();
    recovered = time.nanos();
    timer = time.timer(calm.toMillis(), this::calm);
  }

  /** A push has ended, or was turned away. */
  void ended(Outcome outcome) {
    if (!trouble) {
      return;
    }
    if (outcome.result() == Outcome.Result.EXPIRED) {
      expired++;
      if (!told) {
        warn();
      }
    } else if (outcome.result() == Outcome.Result.OVERLOADED) {
      turnedAway++;
    }
  }

  /** It stands so with the way to the push service. */
  void stands(Condition condition) {
    boolean before = unconnected != null;
    boolean wasFirst = before && firstTry;
    firstTry &= !before && condition.state() == State.CONNECTING;
    unconnected = condition.state() == State.CONNECTING ? condition.reason() : null;
    if (before && unconnected == null) {
      recover(inARow == 0 ? CALM : LONG_CALM);
    } else if (unconnected != null && (!before || wasFirst)) {
      lost();
    }
  }

  private void lost() {
    stopTimer();
    good = false;
    if (!trouble) {
      begin(time.nanos());
    }
    if (!told) {
      Duration patience = firstTry ? FIRST_CONNECTION : SHORTEST;
      long left = patience.minusNanos(time.nanos() - since).toMillis();
      timer = time.timer(Math.max(1, left), this::warn);
    }
  }

  private void stopTimer() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }

  private void warn() {
    stopTimer();
    told = true;
    LOG.warn(
        "[{}] outage of {} for {} now: {}; pushes are tried again until their deadline",
        section,
        platform,
        seconds(time.nanos() - since),
        why());
  }

  private String why() {
    if (unconnected != null) {
      return "no connection: " + unconnected;
    }
    if (lastAnswer == null) {
      return lastFailure == null
          ? "there was no connection"
          : "no answer: " + Reason.of(lastFailure);
    }
    Response response = lastAnswer.response();
    return "it answers " + response.code() + ' ' + response.reason();
  }

  private void calm() {
    timer = NONE;
    trouble = false;
    if (told) {
      tellCost("has ended", recovered);
    }
  }

  private void tellCost(String what, long until) {
    LOG.warn(
        "[{}] outage of {} {} after {}: {} attempts failed, {} pushes expired, {} were turned away",
        section,
        platform,
        what,
        seconds(until - since),
        failed,
        expired,
        turnedAway);
  }

  /** The application stops: nothing more will be told, so this says what has been lost so far. */
  void close() {
    stopTimer();
    if (trouble && told) {
      tellCost("has not ended", time.nanos());
    }
    trouble = false;
  }

  private static String seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos) + " s";
  }
}
