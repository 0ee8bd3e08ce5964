// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.pushserver.bench.LiveHeap;

/**
 * What is left of an attack: good pushes are quick again, and no more lives on the heap than
 * before. Used by a test's own thread.
 */
public final class Recovery {
  /** A busy machine makes some of them wait, and a server that is ill all of them. */
  private static final int TRIES = 10;

  private static final long QUICK_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  /** For classes, pools and caches that the attack is the first to use. */
  private static final long MARGIN = 8L << 20;

  private final long pid;
  private final long before;

  /** A push that somebody sends and whose answer is as it should be; throws otherwise. */
  @FunctionalInterface
  public interface GoodPush {
    /** Sends it, and waits for its answer. */
    void send() throws Exception;
  }

  /**
   * Looks at a JVM before it is attacked. It has sent a push already, else all that is loaded for
   * the first one counts as the attack's.
   */
  public Recovery(long pid) throws IOException {
    this.pid = pid;
    this.before = LiveHeap.bytes(pid);
  }

  /** Of some good pushes one after the other, each is answered, and one within a second. */
  public static void assertQuick(GoodPush push) throws Exception {
    long quickest = Long.MAX_VALUE;
    for (int tries = 0; tries < TRIES && quickest > QUICK_NS; tries++) {
      long sent = System.nanoTime();
      push.send();
      quickest = Math.min(quickest, System.nanoTime() - sent);
    }
    long best = quickest;
    assertTrue(
        best <= QUICK_NS,
        () -> "the quickest push took " + TimeUnit.NANOSECONDS.toMillis(best) + " ms");
  }

  /** Waits until what lives on the heap after a collection is what it was, but for a margin. */
  public void assertMemoryIsBack() throws IOException {
    long end = System.nanoTime() + PATIENCE_NS;
    long now = LiveHeap.bytes(pid);
    while (now > before + MARGIN && System.nanoTime() < end) {
      now = LiveHeap.bytes(pid);
    }
    long after = now;
    assertTrue(
        after <= before + MARGIN, () -> "bytes on the heap: " + before + ", and now " + after);
  }
}
