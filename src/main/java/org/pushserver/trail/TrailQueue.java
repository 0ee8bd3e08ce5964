// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.pushserver.trail.TrailCounts.Dropped;

/**
 * What has ended and is to be written: it takes a bounded number of bytes, and what comes when it
 * is full is dropped and counted. Offered by any thread, which never waits; taken by the writer.
 */
final class TrailQueue implements TrailIntake {
  private static final int USUAL_BYTES = 900;

  private final Queue<Object> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final long most;
  private final TrailCounts counts;
  private volatile Dropped whenFull = Dropped.OVERLOAD;

  /**
   * @param most how many bytes it may take, about
   */
  TrailQueue(long most, TrailCounts counts) {
    this.most = most;
    this.counts = counts;
  }

  /** Why it is full, if it is. */
  void whenFull(Dropped why) {
    whenFull = why;
  }

  @Override
  public void offer(TrailDraft ended) {
    offer(ended, ended.weight());
  }

  void offer(TrailEntry refused) {
    offer(refused, USUAL_BYTES);
  }

  @Override
  public void offer(TrailNote note) {
    offer(note, USUAL_BYTES);
  }

  private void offer(Object one, int weight) {
    if (bytes.addAndGet(weight) > most) {
      bytes.addAndGet(-weight);
      counts.dropped(whenFull);
    } else {
      boolean unused = queue.add(one);
    }
  }

  /** Takes the next; null when there is none. */
  Object poll() {
    Object one = queue.poll();
    if (one != null) {
      bytes.addAndGet(one instanceof TrailDraft draft ? -draft.weight() : -USUAL_BYTES);
    }
    return one;
  }

  /** About how many bytes wait to be written. */
  long bytes() {
    return bytes.get();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }
}
