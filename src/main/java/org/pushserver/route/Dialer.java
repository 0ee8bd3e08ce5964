// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushserver.spi.Doubling;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;

/**
 * Makes one connection at a time, when it is told to. After a try in vain, or a connection that was
 * no good, the next try comes 0.5 s later, doubling to 30 s; while a call waits, sooner. Event loop
 * only.
 */
final class Dialer {
  /** What the owner of a dialer wants to know. */
  interface Caller {
    /** There is a connection; it is the caller's. */
    void connected(Connection connection);

    /**
     * A try was in vain.
     *
     * @param why in an operator's words
     * @param pauseMs how long the next one, if there is to be one, will wait
     */
    void notConnected(String why, long pauseMs);
  }

  private static final Doubling DELAY = new Doubling(500, 30_000);

  /** The longest pause while a call waits. */
  private static final Doubling URGENT = new Doubling(3000, 3000);

  /** And the shortest one: where calls come all the time, one is always about to expire. */
  private static final long SHORTEST_URGENT_MS = 1000;

  private static final int URGENT_PARTS = 4;
  private static final long NONE = -1;

  private final Supplier<Future<Connection>> connector;
  private final Supplier<DialQueue> dialQueue;
  private final Time time;
  private final Caller caller;
  private DialQueue.Turn turn;
  private long retryTimer = NONE;
  private long longestUrgentMs;
  private long triedAt;
  private long notBefore;
  private int failures;
  private boolean trying;
  private boolean closed;

  /**
   * @param connector makes one try
   * @param dialQueue says which are the tries of this event loop, when the first is to be made
   */
  Dialer(
      Supplier<Future<Connection>> connector,
      Supplier<DialQueue> dialQueue,
      Time time,
      Caller caller) {
    this.connector = connector;
    this.dialQueue = dialQueue;
    this.time = time;
    this.caller = caller;
  }

  /** Tries as soon as that is due, unless it does so already. */
  void dial() {
    if (trying || retryTimer != NONE || closed) {
      return;
    }
    long pause = failures == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(notBefore - time.nanos());
    if (pause > 0) {
      retryTimer = time.timer(pause, this::attempt);
    } else {
      attempt();
    }
  }

  /**
   * Something waits for the connection that is being tried for. No pause is longer than some 3 s
   * then, nor than a quarter of what is left, as long as that is 1 s.
   *
   * @param leftMs so long it is worth to be sent
   */
  void hurry(long leftMs) {
    if (turn != null) {
      turn.hurry();
    }
    if (retryTimer == NONE) {
      return;
    }
    long pause = Math.max(SHORTEST_URGENT_MS, Math.min(longestUrgentMs, leftMs / URGENT_PARTS));
    long soonest = triedAt + TimeUnit.MILLISECONDS.toNanos(pause);
    if (notBefore - soonest > 0) {
      notBefore = soonest;
      rest();
      dial();
    }
  }

  private void attempt() {
    retryTimer = NONE;
    trying = true;
    turn =
        dialQueue.get().turn(time, () -> connector.get().onComplete(this::connected, this::failed));
    turn.enter();
  }

  private void ended() {
    trying = false;
    turn.over();
    turn = null;
  }

  private void connected(Connection connection) {
    ended();
    caller.connected(connection);
  }

  private void failed(Throwable cause) {
    ended();
    if (!closed) {
      caller.notConnected(said(cause), postpone());
    }
  }

  /** A connection was no good: the next one is not tried for at once. */
  void backOff() {
    long unused = postpone();
  }

  private long postpone() {
    long pause = DELAY.delay(++failures, ThreadLocalRandom.current());
    longestUrgentMs = URGENT.delay(1, ThreadLocalRandom.current());
    triedAt = time.nanos();
    notBefore = triedAt + TimeUnit.MILLISECONDS.toNanos(pause);
    return pause;
  }

  /** A connection was good: after it, the delays begin with the shortest again. */
  void reset() {
    failures = 0;
  }

  /** No further connection is needed now. A try that is under way goes on. */
  void rest() {
    if (turn != null && turn.isWaiting()) {
      ended();
    }
    if (retryTimer != NONE) {
      time.cancel(retryTimer);
      retryTimer = NONE;
    }
  }

  /** Tries no more. */
  void close() {
    closed = true;
    rest();
  }

  /** An exception of the TLS engine says what is wrong in its cause. */
  private static String said(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String first = Reason.of(cause);
    if (root == cause || root.getMessage() == null) {
      return first;
    }
    String last = Reason.of(root);
    return first.contains(last) ? first : first + " (" + last + ')';
  }
}
