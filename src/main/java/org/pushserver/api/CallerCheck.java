// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.concurrent.TimeUnit;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.KeyHash;
import org.pushserver.spi.Time;

/**
 * What is asked of every caller, whatever a request comes in by: a key that is known, and not too
 * often. Confined to one event loop.
 */
public final class CallerCheck {
  private static final int LONGEST_KEY = 256;

  private final Time time;
  private final KeyHash hash = new KeyHash();

  /**
   * @param time the clock of the rate limit
   */
  public CallerCheck(Time time) {
    this.time = time;
  }

  /**
   * The key that a caller shows.
   *
   * @param shown as it came; null for nothing
   * @return null when it is none of these
   */
  public ApiKey key(String shown, ApiKeys keys) {
    return shown == null || shown.length() > LONGEST_KEY ? null : keys.find(hash.of(shown));
  }

  /**
   * Counts a request of a caller.
   *
   * @throws RequestRefused 429 when it is one too many
   */
  public void count(Caller caller, Policy policy) {
    RateLimit limit = policy.rateLimit();
    if (limit != null) {
      long wait = limit.take(caller.account(), time.nanos());
      if (wait > 0) {
        throw RequestRefused.tooMany(limit.rate().perSecond(), seconds(wait));
      }
    }
  }

  /** Rounded up: whoever comes back then gets in. */
  private static int seconds(long nanos) {
    return (int) ((nanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1));
  }
}
