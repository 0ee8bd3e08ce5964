// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Comparator;
import java.util.stream.Stream;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Time;

/**
 * The pushes of one application that wait for their turn: calls before all others, of each the
 * oldest first. Confined to one event loop.
 *
 * <p>Ordered by deadline, which within each of the two is the order of arrival, and within a
 * millisecond by arrival itself: so a push that comes back from a failed attempt takes its old
 * place, a cancel never overtakes its ring, and the next to expire is always at a head.
 */
final class PushQueue {
  private final WaitingHeap calls = heap();
  private final WaitingHeap others = heap();

  private long arrived;

  private static WaitingHeap heap() {
    return new WaitingHeap(
        Comparator.comparingLong((Waiting w) -> w.deadline)
            .thenComparingLong((Waiting w) -> w.place));
  }

  private WaitingHeap heap(Waiting waiting) {
    return waiting.push.event().kind().isCall() ? calls : others;
  }

  void add(Waiting waiting) {
    if (waiting.place == 0) {
      waiting.place = ++arrived;
    }
    waiting.stage = Stage.QUEUED;
    heap(waiting).add(waiting);
  }

  /** To be called when one that is in the queue has just ended. */
  void ended(Waiting waiting) {
    heap(waiting).oneEnded();
  }

  /** Takes out the next to be sent; null when none waits. */
  Waiting poll() {
    Waiting call = calls.poll();
    return call == null ? others.poll() : call;
  }

  /** All, in no order. */
  Stream<Waiting> stream() {
    return Stream.concat(calls.stream(), others.stream());
  }

  /** When the next call expires, by {@link Time#millis}; {@link Long#MAX_VALUE} when none waits. */
  long nextCallDeadline() {
    return deadline(calls);
  }

  /** Takes out one whose deadline has come by {@link Time#millis}; null when there is none. */
  Waiting pollExpired(long now) {
    if (deadline(calls) <= now) {
      return calls.poll();
    }
    return deadline(others) <= now ? others.poll() : null;
  }

  /** When the next one expires, by {@link Time#millis}; {@link Long#MAX_VALUE} when none waits. */
  long nextDeadline() {
    return Math.min(deadline(calls), deadline(others));
  }

  private static long deadline(WaitingHeap heap) {
    Waiting head = heap.peek();
    return head == null ? Long.MAX_VALUE : head.deadline;
  }

  /** Those that are part of a call. */
  QueueDepth calls(long now) {
    return measure(calls, now);
  }

  /** Those that are not. */
  QueueDepth others(long now) {
    return measure(others, now);
  }

  private static QueueDepth measure(WaitingHeap heap, long now) {
    Waiting head = heap.peek();
    return new QueueDepth(heap.size(), head == null ? 0 : headAge(head, now));
  }

  /** Both dates of a push are of one clock, so its life is a time like any other. */
  private static long headAge(Waiting head, long now) {
    long life = head.push.deadline() - head.push.bornAt();
    return Math.max(0, now - (head.deadline - life));
  }

  int size() {
    return calls.size() + others.size();
  }
}
