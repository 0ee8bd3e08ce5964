// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.systemd;

import io.vertx.core.Context;
import java.util.List;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every event loop, again and again, for a turn, and tells when all have had theirs: never
 * while one of them is stuck. Confined to one event loop, its home.
 */
final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  private final Context home;
  private final List<Context> loops;
  private final Time time;
  private final long periodMs;
  private final Runnable allTurn;
  private int unanswered;
  private boolean told;

  /**
   * @param loops one context on each event loop
   * @param periodMs from one question to the next
   * @param allTurn told each time when all have answered
   */
  Watchdog(Context home, List<Context> loops, Time time, long periodMs, Runnable allTurn) {
    this.home = home;
    this.loops = loops;
    this.time = time;
    this.periodMs = periodMs;
    this.allTurn = allTurn;
  }

  /** Begins; there is no end to it but that of the process. */
  void begin() {
    ask();
    time.timer(periodMs, this::tick);
  }

  private void tick() {
    time.timer(periodMs, this::tick);
    if (unanswered == 0) {
      told = false;
      ask();
    } else if (!told) {
      told = true;
      LOG.error(
          "the server is stuck: {} of its {} main threads have not got on for {} s; systemd ends it"
              + " if that lasts",
          unanswered,
          loops.size(),
          Math.max(1, periodMs / 1000));
    }
  }

  private void ask() {
    unanswered = loops.size();
    loops.forEach(loop -> loop.runOnContext(turn -> home.runOnContext(back -> answered())));
  }

  private void answered() {
    if (--unanswered == 0) {
      allTurn.run();
    }
  }
}
