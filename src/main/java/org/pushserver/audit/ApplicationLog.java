// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.log.LogLine;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of one application's pushes, and what of them is trouble: that is told at WARN, and as
 * one line for many where it hits many. Confined to the application's event loop.
 */
final class ApplicationLog implements PushListener {
  /** The same mistake of a configuration is told again after so long. */
  static final Duration REMINDER = Duration.ofMinutes(10);

  /** Reasons may have anything in them: so many are told apart. */
  private static final int REASONS = 16;

  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private final Time time;
  private final Outage outage;
  private final WarnLimit expired;
  private final WarnLimit overloaded;

  /** When each was told last, in nanoseconds. */
  private final Map<String, Long> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REASONS;
        }
      };

  private final AppKey key;
  private String section;

  ApplicationLog(Application application, Time time) {
    this.time = time;
    this.key = application.key();
    this.section = application.section();
    this.outage = new Outage(section, key.platform(), time);
    this.expired = new WarnLimit(time, more -> tellMore(more, "expired", Result.EXPIRED));
    this.overloaded =
        new WarnLimit(time, more -> tellMore(more, "were turned away", Result.OVERLOADED));
  }

  private void tellMore(long more, String what, Result result) {
    LOG.warn(
        "[{}] {} more pushes {} within a minute; their lines are at INFO, with result={}",
        section,
        more,
        what,
        result);
  }

  @Override
  @CanIgnoreReturnValue
  public PushListener of(Application changed) {
    section = changed.section();
    outage.rename(section);
    return this;
  }

  @Override
  public void attempted(Push push, Attempt attempt) {
    if (LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.attempt(push, attempt));
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug(LogLine.MESSAGE, PushLogLines.exchange(push, attempt));
    }
    outage.attempted(attempt);
    if (attempt.answer() instanceof Answer.Refused refused
        && refused.fault() != Answer.Fault.PUSH) {
      warn(refused);
    }
  }

  private void warn(Answer.Refused refused) {
    long now = time.nanos();
    String why =
        refused.response().reason()
            + (refused.fault() == Answer.Fault.APPLICATION
                ? " (check its configuration)"
                : " (this server built a bad request: report it)");
    Long last = told.get(why);
    if (last == null || now - last >= REMINDER.toNanos()) {
      told.put(why, now);
      LOG.warn("{} refuses pushes of application {}: {}", key.platform(), key.appId(), why);
    }
  }

  @Override
  public void late(Push push, Attempt attempt) {
    if (attempt.answer() != null && LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.late(push, attempt));
    }
    outage.attempted(attempt);
  }

  @Override
  public void repeated(Push push, Attempt attempt) {
    if (LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.repeated(push, attempt));
    }
    outage.attempted(attempt);
  }

  @Override
  public void joined(Push push, Push same) {
    if (LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.joined(push));
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    outage.ended(outcome);
    WarnLimit limit =
        switch (outcome.result()) {
          case EXPIRED -> expired;
          case OVERLOADED -> overloaded;
          default -> null;
        };
    if (limit != null && limit.lets()) {
      LOG.warn(LogLine.MESSAGE, PushLogLines.outcome(push, outcome, now - push.bornAt()));
    } else if (LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.outcome(push, outcome, now - push.bornAt()));
    }
  }

  @Override
  public void stands(Condition condition) {
    outage.stands(condition);
  }

  @Override
  public void left() {
    expired.close();
    overloaded.close();
    outage.close();
  }
}
