// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.pushserver.push.AppKey;

/**
 * What is counted of what phones say: how often it was of a push that is known, and how long they
 * took. Any thread.
 */
public final class AckMeters {
  /** Takes how long a phone of an application took. */
  interface Wakes {
    /**
     * Records it.
     *
     * @param ms since the push was accepted
     */
    void took(AppKey app, long ms);
  }

  private final Counter matched;
  private final Counter repeated;
  private final Counter unmatched;
  private final Wakes woken;
  private final Wakes displayed;

  AckMeters(MeterRegistry registry, Wakes woken, Wakes displayed) {
    this.matched = counter(registry, "matched");
    this.repeated = counter(registry, "repeated");
    this.unmatched = counter(registry, "unmatched");
    this.woken = woken;
    this.displayed = displayed;
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder("pushserver.acks")
        .description("What was said of phones: of a push that is known, once more, or of none")
        .tags("result", result)
        .register(registry);
  }

  /** It was of a push that is known, and news. */
  public void matched() {
    matched.increment();
  }

  /** It was known already. */
  public void repeated() {
    repeated.increment();
  }

  /** It was of no push that is known. */
  public void unmatched() {
    unmatched.increment();
  }

  /**
   * A phone woke up.
   *
   * @param ms since the push was accepted
   */
  public void woken(AppKey app, long ms) {
    woken.took(app, ms);
  }

  /**
   * A phone showed a push.
   *
   * @param ms since the push was accepted
   */
  public void displayed(AppKey app, long ms) {
    displayed.took(app, ms);
  }
}
