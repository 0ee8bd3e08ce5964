// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import java.util.concurrent.TimeUnit;

/**
 * An OAuth token. Times are of {@link org.pushserver.spi.Time#nanos}.
 *
 * @param header the value of the authorization header
 * @param gotAt when it was asked for
 * @param renewAt from when on another one should be got
 * @param usableUntil from when on it must not be sent
 * @param replacesRefused whether it was got because the one before had been refused
 */
record AccessToken(
    String header, long gotAt, long renewAt, long usableUntil, boolean replacesRefused) {
  /** What Google's own clients allow for the renewal. */
  private static final long RENEW_AHEAD = TimeUnit.SECONDS.toNanos(225);

  /** A request under way and a clock that differs a little must not meet a dead token. */
  private static final long LAST_BIT = TimeUnit.SECONDS.toNanos(30);

  private static final long LONGEST_LIFE_SECONDS = TimeUnit.DAYS.toSeconds(1);

  /**
   * @param askedAt when it was asked for: its life began later
   * @param lifeSeconds how long it is good for, 1 or more
   */
  static AccessToken of(String value, long askedAt, long lifeSeconds) {
    long life = TimeUnit.SECONDS.toNanos(Math.min(lifeSeconds, LONGEST_LIFE_SECONDS));
    // Of a short life the margins take a part only, else it would be over before it began.
    long renewAhead = Math.min(RENEW_AHEAD, life / 4);
    long lastBit = Math.min(LAST_BIT, life / 8);
    return new AccessToken(
        "Bearer " + value, askedAt, askedAt + life - renewAhead, askedAt + life - lastBit, false);
  }

  boolean isUsable(long nanos) {
    return nanos - usableUntil < 0;
  }

  AccessToken asReplacement() {
    return new AccessToken(header, gotAt, renewAt, usableUntil, true);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "access token";
  }
}
