// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import org.pushserver.config.Access;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Limits;
import org.pushserver.config.Rate;
import org.pushserver.config.ServerSettings;

/**
 * What requests are judged by now. A reload puts another in its place, for the requests that come
 * after. Any thread.
 *
 * @param waitForResult whether callers wait for the end of their push
 * @param cancelsOnDisconnect whether a ring is cancelled whose caller goes away before the answer
 * @param busKeys the API keys, of which a sender on the event bus needs one
 * @param json reads requests within the limits
 * @param rateLimit null when there is none
 */
public record Policy(
    boolean waitForResult,
    boolean cancelsOnDisconnect,
    Access access,
    ApiKeys busKeys,
    Limits limits,
    JsonFactory json,
    RateLimit rateLimit) {
  /**
   * What settings mean.
   *
   * @param before what they take the place of; null for nothing. A rate limit that stays the same
   *     goes on counting
   * @param now nanoseconds, of the clock of the rate limit
   */
  static Policy of(ServerSettings settings, Policy before, long now) {
    Rate rate = settings.limits().rate();
    RateLimit rateLimit = null;
    if (!rate.isUnlimited()) {
      RateLimit former = before == null ? null : before.rateLimit;
      rateLimit = former != null && former.rate().equals(rate) ? former : new RateLimit(rate, now);
    }
    return new Policy(
        settings.waitForResult(),
        settings.cancelsOnDisconnect(),
        settings.access(),
        settings.bus().keys(),
        settings.limits(),
        JsonReader.factory(settings.limits()),
        rateLimit);
  }
}
