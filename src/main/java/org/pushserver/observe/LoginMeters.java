// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What is counted of attempts to log in to the console. Any thread. */
public final class LoginMeters {
  /** What came of an attempt. */
  public enum Result {
    /** The reader is in. */
    LET_IN,
    /** Nobody has this key. */
    UNKNOWN_KEY,
    /** The key is known, and is for something else. */
    NO_RIGHT,
    /** There were too many from this address. */
    TOO_MANY,
    /** Another site let a browser send it. */
    OTHER_SITE
  }

  private final Map<Result, Counter> counters = new EnumMap<>(Result.class);

  public LoginMeters(MeterRegistry registry) {
    for (Result result : Result.values()) {
      counters.put(
          result,
          Counter.builder("pushserver.console.logins")
              .description("Attempts to log in to the console")
              .tags("result", result.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /** Counts one. */
  public void count(Result result) {
    counters.get(result).increment();
  }
}
