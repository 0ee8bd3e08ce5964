// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.pushserver.queue.Waiting.Stage;

/**
 * Waiting pushes in some order. One that ends while it is in here stays in its place, uncounted,
 * until it comes to the head or too many have gathered: to look for it would make a cancelled call
 * cost as much as the queue is long. Confined to one event loop.
 */
final class WaitingHeap {
  /** Fewer than this are not worth looking for. */
  private static final int FEW = 1000;

  private final PriorityQueue<Waiting> heap;
  private int ended;

  WaitingHeap(Comparator<Waiting> order) {
    this.heap = new PriorityQueue<>(order);
  }

  void add(Waiting waiting) {
    heap.add(waiting);
  }

  /** To be called when one that is in here has just ended. */
  void oneEnded() {
    ended++;
    if (ended > FEW && ended > heap.size() / 2) {
      heap.removeIf(waiting -> waiting.stage == Stage.ENDED);
      ended = 0;
    }
  }

  /** All that have not ended, in no order. */
  Stream<Waiting> stream() {
    return heap.stream().filter(waiting -> waiting.stage != Stage.ENDED);
  }

  /** The first; null when there is none. */
  Waiting peek() {
    Waiting head = heap.peek();
    while (head != null && head.stage == Stage.ENDED) {
      heap.remove();
      ended--;
      head = heap.peek();
    }
    return head;
  }

  /** Takes out the first; null when there is none. */
  Waiting poll() {
    return peek() == null ? null : heap.poll();
  }

  int size() {
    return heap.size() - ended;
  }
}
