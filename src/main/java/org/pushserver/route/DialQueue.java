// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.shareddata.Shareable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.pushserver.spi.Time;

/**
 * The connections that one event loop is about to make, so many at a time: a thousand applications
 * that all connect at once would keep everything else waiting until the last of them has its
 * connection. Those for which a call waits come first, then who came first. Confined to that event
 * loop.
 */
final class DialQueue implements Shareable {
  /** Each takes the processor for a millisecond or two, ten when the server has just started. */
  static final int AT_A_TIME = 16;

  /**
   * What takes longer waits for the network and no more for the processor: who can be reached does
   * not wait for who cannot.
   */
  static final long LONGEST_MS = 250;

  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(LONGEST_MS);

  /** A timer that comes so late tells of an event loop that has too much to do. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final String OF_LOOPS = "pushserver.handshakes";

  private final Deque<Turn> underway = new ArrayDeque<>();
  private final Deque<Turn> urgent = new ArrayDeque<>();
  private final Deque<Turn> others = new ArrayDeque<>();
  private boolean isWatched;
  private boolean isBeginning;

  /** One connection: it waits until it may be begun, or is being made, or is over. */
  final class Turn {
    private final Time time;

    /** Of the application whose connection it is; null in a test without Vert.x. */
    private final ContextInternal home = ContextInternal.current();

    private Runnable begin;
    private boolean isUrgent;
    private long begunAt;

    private Turn(Time time, Runnable begin) {
      this.time = time;
      this.begin = begin;
    }

    /** Lets it be made, at once or when others have been. */
    void enter() {
      others.add(this);
      beginSome();
    }

    /** Whether nothing has been done for it yet. */
    boolean isWaiting() {
      return begin != null;
    }

    /** A call waits for it. */
    void hurry() {
      if (begin != null && !isUrgent) {
        isUrgent = true;
        urgent.add(this);
      }
    }

    /** It has been made, or could not be, or is not wanted any more. */
    void over() {
      begin = null;
      if (underway.remove(this)) {
        beginSome();
      }
    }
  }

  /** Those of the event loop that asks. */
  static DialQueue here(Vertx vertx) {
    return vertx
        .sharedData()
        .<Long, DialQueue>getLocalMap(OF_LOOPS)
        .computeIfAbsent(Thread.currentThread().getId(), loop -> new DialQueue());
  }

  /**
   * The turn of a connection that is to be made.
   *
   * @param begin begins to make it; not called any more when it is over before
   */
  Turn turn(Time time, Runnable begin) {
    return new Turn(time, begin);
  }

  private void beginSome() {
    // One that fails at once comes back here: a loop, no recursion.
    if (isBeginning) {
      return;
    }
    isBeginning = true;
    try {
      Turn next = peek();
      while (next != null && underway.size() < AT_A_TIME) {
        begin(next);
        next = peek();
      }
      if (next != null) {
        watch(next.time);
      }
    } finally {
      isBeginning = false;
    }
  }

  private void begin(Turn turn) {
    Runnable begin = turn.begin;
    turn.begin = null;
    turn.begunAt = turn.time.nanos();
    underway.add(turn);
    if (turn.home == null) {
      begin.run();
    } else {
      // Who makes room may belong to another application, and go: what is made here must not end
      // with it.
      turn.home.dispatch(begin);
    }
  }

  /** What has become urgent, or is over, is passed by where it was. */
  private Turn peek() {
    while (!urgent.isEmpty() && urgent.peek().begin == null) {
      urgent.remove();
    }
    if (!urgent.isEmpty()) {
      return urgent.peek();
    }
    while (!others.isEmpty() && (others.peek().begin == null || others.peek().isUrgent)) {
      others.remove();
    }
    return others.peek();
  }

  /** Only while there is one that waits. */
  private void watch(Time time) {
    if (!isWatched) {
      isWatched = true;
      long due = Math.max(time.nanos(), underway.peek().begunAt + LONGEST_NANOS);
      // Rounded up: a timer that comes a moment early would only be set again.
      long left = TimeUnit.NANOSECONDS.toMillis(due - time.nanos()) + 1;
      time.timer(left, () -> look(time, due));
    }
  }

  private void look(Time time, long due) {
    isWatched = false;
    long now = time.nanos();
    if (now - due > LATE_NANOS) {
      // It is the processor that they wait for: more of them would only make it worse.
      underway.forEach(turn -> turn.begunAt = now);
    }
    while (!underway.isEmpty() && now - underway.peek().begunAt >= LONGEST_NANOS) {
      underway.remove();
    }
    beginSome();
  }
}
