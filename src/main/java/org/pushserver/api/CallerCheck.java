// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.concurrent.TimeUnit;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Right;
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
   * Makes sure that a key allows something.
   *
   * @throws RequestRefused 403 when it does not
   */
  public static void require(ApiKey key, Right right) {
    requireRight(key, right);
    if (!key.may(right)) {
      throw new RequestRefused(
          403,
          ("API key '%s' is limited to accounts of some domains, and is good for nothing but"
                  + " their stored tokens")
              .formatted(key));
    }
  }

  /**
   * Makes sure that a key allows something for some accounts at least: for which, is asked when it
   * is known which account is meant.
   *
   * @throws RequestRefused 403 when it does not
   */
  public static void requireRight(ApiKey key, Right right) {
    if (!key.hasRight(right)) {
      throw new RequestRefused(
          403,
          "API key '%s' has no right '%s'; its line in the file of keys says what it may do"
              .formatted(key, right.word()));
    }
  }

  /** The same for one account. */
  static void require(ApiKey key, Right right, String account) {
    requireRight(key, right);
    if (!key.may(right, account)) {
      throw new RequestRefused(
          403,
          "API key '%s' is limited to accounts of other domains than that of %s"
              .formatted(key, Printable.quote(account)));
    }
  }

  /**
   * Makes sure that nobody needs a key for something.
   *
   * @param open whether nobody does
   * @throws RequestRefused 403 when somebody does
   */
  public static void requireOpen(Right right, boolean open) {
    if (!open) {
      throw new RequestRefused(
          403,
          ("The right '%s' is needed here, which only an API key has, and the server has none: set"
                  + " api_keys in general.ini, or set admin_port and ask there")
              .formatted(right.word()));
    }
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
