// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.pushserver.spi.Doubling;
import org.pushserver.spi.Time;

/**
 * Tries for a connection until there is one, one try at a time: after a try in vain, or a
 * connection that was no good, 0.5 s doubling to 30 s later. Event loop only.
 */
final class Dialer {
  /** What the owner of a dialer wants to know. */
  interface Caller extends Connection.Owner {
    /** There is a connection; it is the caller's. */
    void connected(Connection connection);

    /**
     * A try was in vain; another will follow.
     *
     * @param why in an operator's words
     */
    void notConnected(String why, long nextTryMs);
  }

  private static final Doubling DELAY = new Doubling(500, 30_000);
  private static final long NONE = -1;

  private final Connector connector;
  private final Time time;
  private final Caller caller;
  private long retryTimer = NONE;
  private int failures;
  private boolean trying;
  private boolean closed;

  Dialer(Connector connector, Time time, Caller caller) {
    this.connector = connector;
    this.time = time;
    this.caller = caller;
  }

  /** Tries now, unless a try is under way or waits for its turn. */
  void dial() {
    if (!trying && retryTimer == NONE && !closed) {
      attempt();
    }
  }

  private void attempt() {
    retryTimer = NONE;
    trying = true;
    connector.connect(caller).onComplete(this::connected, this::failed);
  }

  private void connected(Connection connection) {
    trying = false;
    caller.connected(connection);
  }

  private void failed(Throwable cause) {
    trying = false;
    if (!closed) {
      long wait = later();
      caller.notConnected(said(cause), wait);
    }
  }

  /** A connection was no good: the next one is not tried for at once. */
  void disappointed() {
    if (!trying && retryTimer == NONE) {
      long unused = later();
    }
  }

  private long later() {
    long wait = DELAY.delay(++failures, ThreadLocalRandom.current());
    retryTimer = time.timer(wait, this::attempt);
    return wait;
  }

  /** A connection was good: after it, the delays begin with the shortest again. */
  void satisfied() {
    failures = 0;
  }

  /** No further connection is needed now. A try that is under way goes on. */
  void rest() {
    if (retryTimer != NONE) {
      time.cancel(retryTimer);
      retryTimer = NONE;
    }
  }

  /** Gives up what is under way. */
  Future<Void> close() {
    closed = true;
    rest();
    return connector.close();
  }

  /** An exception of the TLS engine says what is wrong in its cause. */
  private static String said(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String first = String.valueOf(cause.getMessage());
    if (root == cause) {
      return first;
    }
    String last = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return first.contains(last) ? first : first + " (" + last + ')';
  }
}
