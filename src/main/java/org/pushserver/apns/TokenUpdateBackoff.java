// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.pushserver.spi.Doubling;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an application quiet while APNs complains that provider tokens change too often. We make
 * one in 50 minutes, so there is nothing to mend here: once, a new connection may do. When it comes
 * back on that, nothing is sent for 1 minute doubling to 20, and then one push at a time until one
 * is answered otherwise. Event loop only.
 */
final class TokenUpdateBackoff {
  private static final Logger LOG = LoggerFactory.getLogger(TokenUpdateBackoff.class);
  private static final Doubling PAUSES =
      new Doubling(Duration.ofMinutes(1).toMillis(), Duration.ofMinutes(20).toMillis());

  /** So long after the last pause the next complaint is the first of another trouble. */
  private static final long FORGOTTEN_NANOS = Duration.ofMinutes(40).toNanos();

  private static final long NONE = -1;

  private final String section;
  private final Time time;
  private final Runnable changed;
  private final RepeatDetector repeats = new RepeatDetector();
  private int pauses;
  private long pausedAt;
  private long timer = NONE;
  private boolean careful;

  /**
   * @param changed called when {@link #window} or {@link #reason} has changed
   */
  TokenUpdateBackoff(String section, Time time, Runnable changed) {
    this.section = section;
    this.time = time;
    this.changed = changed;
  }

  /** How many pushes may be in flight of those that the route would take. */
  int window(int route) {
    if (timer != NONE) {
      return 0;
    }
    return careful ? Math.min(route, 1) : route;
  }

  /** Why nothing is sent now; empty when there is no pause. */
  Optional<String> reason() {
    return timer == NONE
        ? Optional.empty()
        : Optional.of("APNs said TooManyProviderTokenUpdates; waiting before the next try");
  }

  /**
   * APNs has complained.
   *
   * @param connection that it came over; is to be left
   * @param newest the highest number of a connection so far
   */
  void complained(long connection, long newest) {
    long now = time.nanos();
    if (!repeats.cameBack(connection, newest, now) || timer != NONE) {
      return;
    }
    if (pauses > 0 && now - pausedAt > FORGOTTEN_NANOS) {
      pauses = 0;
    }
    pauses++;
    pausedAt = now;
    if (pauses == 1) {
      LOG.error(
          "[{}] APNs says TooManyProviderTokenUpdates, on new connections too, although this server"
              + " changes its provider token every 50 minutes only: look for another process or"
              + " server that makes its own tokens with the same apple_key, and give it a key of"
              + " its own. Pushes wait until APNs takes them again",
          section);
    }
    timer = time.timer(PAUSES.delay(pauses, ThreadLocalRandom.current()), this::end);
    changed.run();
  }

  private void end() {
    timer = NONE;
    careful = true;
    changed.run();
  }

  /** APNs has answered something else. */
  void relieved() {
    if (careful && timer == NONE) {
      careful = false;
      changed.run();
    }
  }

  void close() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }
}
