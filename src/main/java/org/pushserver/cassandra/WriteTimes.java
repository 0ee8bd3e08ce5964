// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Times of writing: each later than all before it. Any thread. */
final class WriteTimes {
  private final LongSupplier clock;
  private final AtomicLong last = new AtomicLong();

  /**
   * By a clock.
   *
   * @param clock milliseconds since the epoch
   */
  WriteTimes(LongSupplier clock) {
    this.clock = clock;
  }

  /** Now, in microseconds since the epoch; later than what was written, by whatever clock. */
  long after(long written) {
    long now = TimeUnit.MILLISECONDS.toMicros(clock.getAsLong());
    return last.updateAndGet(before -> Math.max(Math.max(before, written) + 1, now));
  }

  /**
   * Something is deleted as of the time at which it was written: what is written from now on must
   * be later, or it would be deleted, too.
   */
  void deleted(long written) {
    long unused = last.accumulateAndGet(written, Math::max);
  }
}
