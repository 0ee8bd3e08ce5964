// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The pushes of one application that its store does not have yet, and that so have not come. Those
 * of one call-id go on in the order in which they were handed in, however the store takes them: a
 * cancel must not overtake its ring. Confined to one event loop.
 */
final class Keeping {
  private record Entry(Waiting waiting, Future<Void> kept) {}

  private final PushStore store;
  private final Executor nextTurn;
  private final Consumer<Waiting> arrive;
  private final Consumer<Waiting> turnAway;

  /** By call-id; one without is alone. */
  private final Map<Object, Queue<Entry>> lines = new HashMap<>();

  private int size;

  /**
   * @param nextTurn runs a task on the event loop, from whichever thread
   * @param arrive takes one that is kept
   * @param turnAway takes one that could not be kept
   */
  Keeping(
      PushStore store, Executor nextTurn, Consumer<Waiting> arrive, Consumer<Waiting> turnAway) {
    this.store = store;
    this.nextTurn = nextTurn;
    this.arrive = arrive;
    this.turnAway = turnAway;
  }

  /** Whether a push that has just been handed in must let another one go first. */
  boolean isBehind(Waiting waiting) {
    return !lines.isEmpty() && lines.containsKey(waiting.push.callId());
  }

  /**
   * Keeps one.
   *
   * @return whether it may go on at once; if not, it is in here until it may
   */
  boolean keep(Waiting waiting) {
    Future<Void> kept = store.keep(waiting.push, waiting.isAwaited());
    if (kept.succeeded() && !isBehind(waiting)) {
      return true;
    }
    String callId = waiting.push.callId();
    Object line = callId.isEmpty() ? waiting : callId;
    lines.computeIfAbsent(line, first -> new ArrayDeque<>(2)).add(new Entry(waiting, kept));
    size++;
    kept.onComplete(done -> nextTurn.execute(() -> advance(line)));
    return false;
  }

  private void advance(Object line) {
    for (int gone = 0; gone < InTurns.AT_A_TIME; gone++) {
      Queue<Entry> entries = lines.get(line);
      if (entries == null || !entries.peek().kept().isComplete()) {
        return;
      }
      Entry first = entries.remove();
      left(line, entries);
      (first.kept().succeeded() ? arrive : turnAway).accept(first.waiting());
    }
    nextTurn.execute(() -> advance(line));
  }

  private void left(Object line, Queue<Entry> entries) {
    size--;
    if (entries.isEmpty()) {
      lines.remove(line);
    }
  }

  /** Takes out any one, which is waited for no more; null when there is none. */
  Waiting poll() {
    if (lines.isEmpty()) {
      return null;
    }
    Map.Entry<Object, Queue<Entry>> any = lines.entrySet().iterator().next();
    Entry first = any.getValue().remove();
    left(any.getKey(), any.getValue());
    return first.waiting();
  }

  int size() {
    return size;
  }
}
