// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.concurrent.atomic.AtomicReference;
import org.pushserver.config.ServerSettings;
import org.pushserver.spi.Time;

/** The policy that holds now, the same one for all that requests come in by. Any thread. */
public final class LivePolicy {
  private final Time time;
  private final AtomicReference<Policy> now;

  /**
   * @param time the clock of the rate limit
   */
  public LivePolicy(ServerSettings settings, Time time) {
    this.time = time;
    this.now = new AtomicReference<>(Policy.of(settings, null, time.nanos()));
  }

  /** For a request that comes now. */
  public Policy now() {
    return now.get();
  }

  /** Goes by other settings, for the requests that come after. */
  public void apply(ServerSettings settings) {
    now.updateAndGet(before -> Policy.of(settings, before, time.nanos()));
  }
}
