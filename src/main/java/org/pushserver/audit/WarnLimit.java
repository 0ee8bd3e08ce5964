// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import java.time.Duration;
import java.util.function.LongConsumer;
import org.pushserver.spi.Time;

/**
 * Lets a few warnings of one kind through in each minute. The others are counted, and their number
 * is told when the minute is over: trouble that hits every push must not hide all else in the log.
 * Confined to one event loop.
 */
final class WarnLimit {
  static final int PER_MINUTE = 5;
  static final Duration MINUTE = Duration.ofMinutes(1);

  private final Time time;
  private final LongConsumer rest;
  private long began;
  private int let;
  private long more;
  private long timer;

  /**
   * @param rest told after a minute how many more there were
   */
  WarnLimit(Time time, LongConsumer rest) {
    this.time = time;
    this.rest = rest;
  }

  /** Whether a warning may be written now. */
  boolean lets() {
    long now = time.nanos();
    if (more == 0 && (let == 0 || now - began >= MINUTE.toNanos())) {
      began = now;
      let = 0;
    }
    if (let < PER_MINUTE) {
      let++;
      return true;
    }
    if (more++ == 0) {
      timer = time.timer(Math.max(1, MINUTE.minusNanos(now - began).toMillis()), this::tell);
    }
    return false;
  }

  private void tell() {
    long told = more;
    let = 0;
    more = 0;
    rest.accept(told);
  }

  /** Tells at once what is still to be told. */
  void close() {
    if (more > 0) {
      time.cancel(timer);
      tell();
    }
  }
}
