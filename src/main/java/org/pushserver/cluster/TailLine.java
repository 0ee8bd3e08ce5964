// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.pushserver.trail.TrailBytes;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;

/**
 * What came into the trail of this server and another one has not asked for yet: a few entries, and
 * how many there were beside. Any thread.
 */
final class TailLine {
  /** So many entries wait for one server. */
  static final int MOST_WAITING = 1_000;

  /** So many go at a time: to write them takes a millisecond or two. */
  static final int MOST_AT_ONCE = 250;

  private final Deque<TrailEntry> waiting = new ArrayDeque<>();
  private long missed;

  /**
   * What one server is told by another.
   *
   * @param missed so many more came, and are not told
   */
  record Part(long missed, List<TrailEntry> entries) {
    /** Whether there may be more at once. */
    boolean isFull() {
      return entries.size() == MOST_AT_ONCE;
    }

    Buffer bytes() {
      return Buffer.buffer()
          .appendLong(missed)
          .appendBuffer(TrailBytes.of(new TrailPage(entries, "", List.of())));
    }

    /**
     * Reads what another server has written.
     *
     * @throws RuntimeException when it cannot be understood
     */
    static Part read(Buffer bytes) {
      return new Part(
          bytes.getLong(0), TrailBytes.page(bytes.getBuffer(Long.BYTES, bytes.length())).entries());
    }
  }

  synchronized void add(TrailEntry entry) {
    // What comes after a gap comes after the word of it.
    if (missed > 0 || waiting.size() >= MOST_WAITING) {
      missed++;
    } else {
      waiting.add(entry);
    }
  }

  /** Nobody wants what came until now. */
  synchronized void forget() {
    waiting.clear();
    missed = 0;
  }

  /** What is to be told now; it is not told again. */
  synchronized Part take() {
    List<TrailEntry> some = new ArrayList<>();
    while (some.size() < MOST_AT_ONCE && !waiting.isEmpty()) {
      some.add(waiting.remove());
    }
    long gap = 0;
    if (waiting.isEmpty()) {
      gap = missed;
      missed = 0;
    }
    return new Part(gap, some);
  }
}
