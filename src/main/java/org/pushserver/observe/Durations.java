// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.pushserver.spi.Time;

/**
 * How long something took, in the {@link Buckets}: a histogram of some 200 bytes, where the
 * library's takes ten times as much. A thousand applications have several each. Any thread.
 */
final class Durations {
  /** Behind the buckets, whose last one has no bound. */
  private static final int SUM = Buckets.count() + 1;

  /** Behind the sum: the largest values of two minutes that follow each other. */
  private static final int LARGEST = SUM + 1;

  private static final int MINUTES = 2;

  /**
   * Where the minute stands in a cell, above the value: so what a later minute says is greater than
   * all of one before. 40 bits of microseconds are 12 days.
   */
  private static final int MINUTE_SHIFT = 40;

  private static final long MOST_MICROS = (1L << MINUTE_SHIFT) - 1;

  private final Time time;
  private final long start;
  private final AtomicLongArray cells = new AtomicLongArray(LARGEST + MINUTES);

  Durations(Time time) {
    this.time = time;
    this.start = time.millis();
  }

  /**
   * One more.
   *
   * @param nanos less than nothing counts as nothing
   */
  void record(long nanos) {
    long took = Math.max(0, nanos);
    cells.getAndIncrement(Buckets.of(took));
    cells.getAndAdd(SUM, took);
    long minute = minute();
    long value =
        minute << MINUTE_SHIFT | Math.min(MOST_MICROS, TimeUnit.NANOSECONDS.toMicros(took));
    int at = LARGEST + (int) (minute % MINUTES);
    if (cells.get(at) < value) {
      cells.accumulateAndGet(at, value, Math::max);
    }
  }

  private long minute() {
    return TimeUnit.MILLISECONDS.toMinutes(time.millis() - start);
  }

  /**
   * How many were in a bucket.
   *
   * @param bucket up to {@link Buckets#count}, which is the one without a bound
   */
  long in(int bucket) {
    return cells.get(bucket);
  }

  /** The sum of all, in seconds. */
  double sum() {
    return cells.get(SUM) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /** The largest of this minute and the one before, in seconds. */
  double largest() {
    long minute = minute();
    long most = 0;
    for (int i = 0; i < MINUTES; i++) {
      long value = cells.get(LARGEST + i);
      if (minute - (value >>> MINUTE_SHIFT) < MINUTES) {
        most = Math.max(most, value & MOST_MICROS);
      }
    }
    return most / (double) TimeUnit.SECONDS.toMicros(1);
  }
}
