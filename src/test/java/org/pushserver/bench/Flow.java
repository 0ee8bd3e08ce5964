// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What came to a sink until it was quiet again.
 *
 * @param bytes since the sink's start
 * @param first of them, as {@link System#nanoTime}
 * @param last of them, likewise
 */
record Flow(long bytes, long first, long last) {
  private static final long POLL_MS = 5;

  /** The longest time between two tries to connect is 30 s, and a fifth. */
  private static final long UP_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  /**
   * Of the bytes that the same pushes take one by one; more of them in one TLS record need less.
   */
  private static final double SURE = 0.8;

  /** From when it had read so many bytes; some more may have come since. */
  static Flow watch(Sink sink, long idle) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long last = 0;
    long bytes = idle;
    long first = 0;
    while (last == 0 || System.nanoTime() - last < QUIET_NANOS) {
      long now = System.nanoTime();
      long seen = sink.bytes();
      if (seen != bytes) {
        first = first == 0 ? now : first;
        last = now;
        bytes = seen;
      } else if (first == 0 && now - start > UP_LIMIT_NANOS) {
        throw new BenchException("the route did not come up");
      }
      Thread.sleep(POLL_MS);
    }
    return new Flow(bytes, first, last);
  }

  /** From the first to the last. */
  double seconds() {
    return seconds(first);
  }

  /** From a time to the last. */
  double seconds(long from) {
    return (last - from) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /**
   * Fails unless so many pushes can have come.
   *
   * @param each bytes of one that came by itself
   */
  void verify(int pushes, double each) {
    if (bytes < pushes * each * SURE) {
      throw new BenchException(
          "of " + pushes + " pushes not all came: " + bytes + " bytes, and one takes " + each);
    }
  }
}
