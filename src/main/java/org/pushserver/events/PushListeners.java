// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.events;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several listeners, told one after the other. What one of them throws hurts neither the push nor
 * the others: it is logged the first, second, fourth, eighth … time.
 */
final class PushListeners implements PushListener {
  private static final Logger LOG = LoggerFactory.getLogger(PushListeners.class);

  private static final PushListener NONE = new PushListener() {};

  private final PushListener[] all;
  private final AtomicLong failures = new AtomicLong();

  PushListeners(PushListener... all) {
    this.all = all.clone();
  }

  @Override
  public PushListener of(Application application) {
    return new PushListeners(
        Arrays.stream(all).map(one -> of(one, application)).toArray(PushListener[]::new));
  }

  private PushListener of(PushListener one, Application application) {
    try {
      return one.of(application);
    } catch (RuntimeException | Error e) {
      failed(e);
      return NONE;
    }
  }

  @Override
  public void accepted(Push push, boolean isAwaited) {
    for (PushListener one : all) {
      try {
        one.accepted(push, isAwaited);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void kept(Push push) {
    for (PushListener one : all) {
      try {
        one.kept(push);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void unkept(Push push) {
    for (PushListener one : all) {
      try {
        one.unkept(push);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void takenUp(Push push, boolean isOfOther, boolean mayHaveArrived) {
    for (PushListener one : all) {
      try {
        one.takenUp(push, isOfOther, mayHaveArrived);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void joined(Push push, Push same) {
    for (PushListener one : all) {
      try {
        one.joined(push, same);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void held(Push push) {
    for (PushListener one : all) {
      try {
        one.held(push);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void pauses(Push push, long ms) {
    for (PushListener one : all) {
      try {
        one.pauses(push, ms);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void attempted(Push push, Attempt attempt) {
    for (PushListener one : all) {
      try {
        one.attempted(push, attempt);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void late(Push push, Attempt attempt) {
    for (PushListener one : all) {
      try {
        one.late(push, attempt);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void repeated(Push push, Attempt attempt) {
    for (PushListener one : all) {
      try {
        one.repeated(push, attempt);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    for (PushListener one : all) {
      try {
        one.ended(push, outcome, now);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void stands(Condition condition) {
    for (PushListener one : all) {
      try {
        one.stands(condition);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  @Override
  public void left() {
    for (PushListener one : all) {
      try {
        one.left();
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  private void failed(Throwable cause) {
    long count = failures.incrementAndGet();
    if (Long.bitCount(count) == 1) {
      LOG.error(
          "logging, counting or reporting a push failed, {} times so far: {}; the push is not"
              + " affected",
          count,
          Reason.of(cause));
      LOG.debug("the cause", cause);
    }
  }
}
