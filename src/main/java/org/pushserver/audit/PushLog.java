// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import org.pushserver.dispatch.Attempt;
import org.pushserver.dispatch.Witness;
import org.pushserver.log.Line;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trail of a push on its way out: one line for each attempt and one for its end. The line for
 * the request that brought it is written where it came in.
 */
public final class PushLog implements Witness {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  @Override
  public void attempted(Push push, Attempt attempt) {
    if (LOG.isInfoEnabled()) {
      LOG.info(Line.MESSAGE, Trail.attempt(push, attempt));
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug(Line.MESSAGE, Trail.exchange(push, attempt));
    }
    if (attempt.answer() instanceof Answer.Refused refused
        && refused.fault() != Answer.Fault.PUSH) {
      LOG.warn(
          "{} refuses pushes of application {}: {} ({})",
          push.app().platform(),
          push.app().appId(),
          refused.response().reason(),
          refused.fault() == Answer.Fault.APPLICATION
              ? "check its configuration"
              : "this server built a bad request: report it");
    }
  }

  @Override
  public void late(Push push, Attempt attempt) {
    if (attempt.answer() != null && LOG.isInfoEnabled()) {
      LOG.info(Line.MESSAGE, Trail.late(push, attempt));
    }
  }

  @Override
  public void joined(Push push) {
    if (LOG.isInfoEnabled()) {
      LOG.info(Line.MESSAGE, Trail.joined(push));
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    if (LOG.isInfoEnabled()) {
      LOG.info(Line.MESSAGE, Trail.outcome(push, outcome, now - push.bornAt()));
    }
  }
}
