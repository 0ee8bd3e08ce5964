// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trail of a push on its way out: one line for each attempt and one for its end, each with what
 * an operator searches by. The line for the request that brought it is written where it came in.
 */
public final class PushLog implements Witness {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  @Override
  public void attempted(Push push, Attempt attempt) {
    long ms = attempt.tookNanos() / 1_000_000;
    if (attempt.answer() == null) {
      LOG.info(
          "attempt {} attempt={} no answer: {} ms={}",
          new Trail(push),
          attempt.number(),
          attempt.failure().getMessage(),
          ms);
      return;
    }
    Response response = attempt.answer().response();
    LOG.info(
        "attempt {} attempt={} status={} reason=\"{}\" ms={}",
        new Trail(push),
        attempt.number(),
        response.code(),
        response.reason(),
        ms);
    if (attempt.answer() instanceof Answer.Refused refused
        && refused.fault() != Answer.Fault.PUSH) {
      LOG.warn(
          "{} refuses pushes of application {}: {} ({})",
          push.app().platform(),
          push.app().appId(),
          response.reason(),
          refused.fault() == Answer.Fault.APPLICATION
              ? "check its configuration"
              : "this server built a bad request: report it");
    }
  }

  @Override
  public void joined(Push push) {
    LOG.info("joined {}: the same push is on its way, both get its answer", new Trail(push));
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    LOG.info(
        "outcome {} result={} status={} attempts={} ms={}",
        new Trail(push),
        outcome.result(),
        outcome.response().code(),
        outcome.attempts(),
        now - push.bornAt());
  }

  /** Rendered only when the line is really written. */
  private record Trail(Push push) {
    @Override
    public String toString() {
      return "call-id="
          + push.callId()
          + " app="
          + push.app().appId()
          + " platform="
          + push.app().platform()
          + " event="
          + push.event()
          + " device="
          + push.device();
    }
  }
}
