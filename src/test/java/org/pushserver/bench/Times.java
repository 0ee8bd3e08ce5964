// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What the paced client saw. All in nanoseconds.
 *
 * @param answered from the moment at which a request was due to its answer
 * @param late from that moment until it was sent, as far as the client itself is to blame, which
 *     was not looking: a part of the first that is not the server's
 */
record Times(Histogram answered, Histogram late) {
  private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final double NANOS_PER_MS = 1_000_000;

  /** None so far. */
  Times() {
    this(new Histogram(HIGHEST_NANOS, 3), new Histogram(HIGHEST_NANOS, 3));
  }

  /** So many of a hundred requests were answered in this time, in milliseconds. */
  double answeredMillis(double percent) {
    return answered.getValueAtPercentile(percent) / NANOS_PER_MS;
  }

  /** The same for how late they were sent. */
  double lateMillis(double percent) {
    return late.getValueAtPercentile(percent) / NANOS_PER_MS;
  }
}
