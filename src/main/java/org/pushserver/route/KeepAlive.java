// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pushserver.spi.Time;

/**
 * When the other end of a connection was last heard, and a PING when that is too long ago: after a
 * minute while nothing is in flight, after two seconds while something is. A connection that lost
 * its other end looks just like one that is idle, and would swallow the next call.
 *
 * <p>One timer, set anew only when the connection begins to be used after a pause. Event loop only.
 */
final class KeepAlive {
  private static final long IDLE_SILENCE = Duration.ofSeconds(60).toNanos();
  private static final long BUSY_SILENCE = Duration.ofSeconds(2).toNanos();
  private static final long PONG_MS = 5000;
  private static final Buffer PING = Buffer.buffer("pushsrvr");
  private static final long NONE = -1;

  private final HttpConnection wire;
  private final Time time;
  private final InFlight inFlight;
  private final Consumer<String> dead;
  private long heardAt;
  private long timer = NONE;
  private boolean asleep;
  private boolean pinging;

  /**
   * @param dead told in an operator's words that the other end is gone
   */
  KeepAlive(HttpConnection wire, Time time, InFlight inFlight, Consumer<String> dead) {
    this.wire = wire;
    this.time = time;
    this.inFlight = inFlight;
    this.dead = dead;
    this.heardAt = time.nanos();
  }

  /** Begins to ask; without it this is only a note of when something was heard. */
  void start() {
    sleep(IDLE_SILENCE);
  }

  /** To be called when anything came from the other end. */
  void heard() {
    heardAt = time.nanos();
    pinging = false;
  }

  /** Whether nothing was heard since then, of {@link Time#nanos}. */
  boolean isSilentSince(long then) {
    return then - heardAt >= 0;
  }

  /** Whether nothing was heard for longer than this. */
  boolean isSilentFor(long nanos) {
    return time.nanos() - heardAt > nanos;
  }

  /** To be called when an exchange has begun. */
  void used() {
    if (asleep) {
      time.cancel(timer);
      check();
    }
  }

  private void sleep(long nanos) {
    asleep = true;
    timer = timer(nanos);
  }

  private void check() {
    asleep = false;
    timer = NONE;
    if (pinging) {
      dead.accept("no sign of life within " + PONG_MS + " ms");
      return;
    }
    boolean idle = inFlight.isEmpty();
    long left = (idle ? IDLE_SILENCE : BUSY_SILENCE) - (time.nanos() - silentSince());
    if (left <= 0) {
      ping();
    } else if (idle) {
      sleep(left);
    } else {
      timer = timer(left);
    }
  }

  /** Silence before the oldest request was nothing to wonder at. */
  private long silentSince() {
    if (inFlight.isEmpty()) {
      return heardAt;
    }
    long askedAt = inFlight.oldestAt();
    return askedAt - heardAt > 0 ? askedAt : heardAt;
  }

  private void ping() {
    pinging = true;
    // Vert.x waits for the answer for ever.
    timer = time.timer(PONG_MS, this::check);
    wire.ping(PING).onSuccess(pong -> answered());
  }

  private void answered() {
    heard();
    if (timer != NONE) {
      time.cancel(timer);
      check();
    }
  }

  /** Rounded up: a timer that comes a moment early would only be set again. */
  private long timer(long nanos) {
    return time.timer(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, this::check);
  }

  /** To be called when there is nothing left to listen to. */
  void stop() {
    asleep = false;
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }
}
