// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * The buckets of all our histograms: from the millisecond that a fast path takes to the 64 seconds
 * that a call lasts unanswered. The same for all, so that they can be laid over each other.
 */
final class Buckets {
  private static final Duration[] BOUNDS =
      LongStream.of(
              1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000,
              64_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final long[] NANOS = Arrays.stream(BOUNDS).mapToLong(Duration::toNanos).toArray();

  private Buckets() {}

  /** How many there are, without the one that has no bound. */
  static int count() {
    return NANOS.length;
  }

  /** The one that a time falls into; {@link #count} when it is longer than all. */
  static int of(long nanos) {
    int bucket = 0;
    while (bucket < NANOS.length && nanos > NANOS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /** The bound of one, in seconds. */
  static double bound(int bucket) {
    return NANOS[bucket] / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /** A histogram in these buckets, in a registry. */
  static Timer timer(MeterRegistry registry, String name, String help, Tags tags) {
    return Timer.builder(name)
        .description(help)
        .tags(tags)
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }
}
