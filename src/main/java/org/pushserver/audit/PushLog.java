// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.log.LogLine;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines of pushes on their way out: one for each attempt and one for each end, application
 * by application. The line for the request that brought a push is written where it came in.
 */
public final class PushLog implements PushListener {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private final Time time;

  /**
   * @param time the clock by which warnings are limited
   */
  public PushLog(Time time) {
    this.time = time;
  }

  @Override
  public PushListener of(Application application) {
    return new ApplicationLog(application, time);
  }

  @Override
  public void late(Push push, Attempt attempt) {
    if (attempt.answer() != null && LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.late(push, attempt));
    }
  }

  @Override
  public void repeated(Push push, Attempt attempt) {
    if (LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.repeated(push, attempt));
    }
  }

  /** Of a push that no application has taken, as while it stops. */
  @Override
  public void ended(Push push, Outcome outcome, long now) {
    if (LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.outcome(push, outcome, now - push.bornAt()));
    }
  }
}
