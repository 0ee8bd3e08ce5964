// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import org.pushserver.spi.Time;

/**
 * Why a connection should be replaced although it stands: it has carried enough, its other end is
 * not heard, or takes no requests. Event loop only.
 */
final class ConnectionWear {
  /** A peer may allow no requests for a moment, but hardly for so long. */
  static final long BARRED_MS = 5000;

  private static final long NONE = -1;

  private final Time time;
  private final KeepAlive keepAlive;
  private final Runnable wornOut;
  private long barredTimer = NONE;
  private long doubtedAt;
  private boolean doubted;
  private boolean worn;

  /**
   * @param wornOut called once
   */
  ConnectionWear(Time time, KeepAlive keepAlive, Runnable wornOut) {
    this.time = time;
    this.keepAlive = keepAlive;
    this.wornOut = wornOut;
  }

  boolean isWorn() {
    return worn;
  }

  void wearOut() {
    if (!worn) {
      worn = true;
      wornOut.run();
    }
  }

  /**
   * The other end has not been heard for too long. A connection that has lost it looks just like
   * one whose peer has nothing to say: another will show which it is, until then it stays.
   */
  void doubt() {
    if (!worn) {
      doubted = true;
      doubtedAt = time.nanos();
      wearOut();
    }
  }

  /** Whether the other end was doubted, and has not been heard since. */
  boolean isSilent() {
    return doubted && keepAlive.isSilentSince(doubtedAt);
  }

  /**
   * To be called when the limit of requests may have changed.
   *
   * @param barred whether none is allowed
   */
  void barred(boolean barred) {
    if (!barred) {
      stop();
    } else if (barredTimer == NONE && !worn) {
      barredTimer = time.timer(BARRED_MS, this::wearOut);
    }
  }

  /** To be called when it is of no use any more. */
  void stop() {
    if (barredTimer != NONE) {
      time.cancel(barredTimer);
      barredTimer = NONE;
    }
  }
}
