// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead tokens on their way out of the store: a few at a time, and again while the store is away.
 * Bounded; what does not fit is forgotten, as the next push finds it dead again. Any thread; nobody
 * waits.
 */
final class DeadTokenQueue {
  static final int MOST = 10_000;
  static final long FIRST_PAUSE_MS = TimeUnit.SECONDS.toMillis(1);
  static final long LONGEST_PAUSE_MS = TimeUnit.MINUTES.toMillis(1);

  /**
   * With the store at a time, so that one that commits now and then is not asked for each alone.
   */
  private static final int AT_ONCE = 32;

  private static final Logger LOG = LoggerFactory.getLogger(DeadTokenQueue.class);

  /** A store that cannot search by token is asked for each account that may have it. */
  private record Key(AppKey app, String token, String account) {}

  private final TokenStore store;
  private final Time time;
  private final Map<Key, DeadDevice> waiting = new LinkedHashMap<>();
  private final LongAdder removed = new LongAdder();
  private final LongAdder forgotten = new LongAdder();
  private int underway;
  private boolean sending;
  private long pauseMs;
  private boolean paused;
  private boolean full;
  private boolean closed;

  DeadTokenQueue(TokenStore store, Time time) {
    this.store = store;
    this.time = time;
  }

  /** How many records have gone. */
  long removed() {
    return removed.sum();
  }

  /** How many dead tokens did not fit. */
  long forgotten() {
    return forgotten.sum();
  }

  /** How many wait. */
  synchronized int length() {
    return waiting.size() + underway;
  }

  void add(DeadDevice dead) {
    if (put(dead, true)) {
      send();
    }
  }

  /** Takes nothing more, and lets go of what waits. */
  synchronized void close() {
    closed = true;
    waiting.clear();
  }

  private synchronized boolean put(DeadDevice dead, boolean isNew) {
    Key key = new Key(dead.app(), dead.token(), dead.account());
    if (closed || (!isNew && waiting.containsKey(key))) {
      return false;
    }
    if (waiting.size() >= MOST && !waiting.containsKey(key)) {
      forgotten.increment();
      if (!full) {
        full = true;
        LOG.warn(
            "{} dead tokens wait to be removed from the store, and no more fit: what is found dead"
                + " meanwhile is removed when it is pushed to the next time. The store says: {}",
            MOST,
            said(store.state()));
      }
      return false;
    }
    waiting.put(key, dead);
    return true;
  }

  private static String said(TokenStoreState state) {
    return state.problem().isEmpty() ? "nothing is wrong" : state.problem();
  }

  private void send() {
    for (DeadDevice next = next(true); next != null; next = next(false)) {
      DeadDevice dead = next;
      store
          .dead(dead)
          .onComplete(
              done -> {
                if (done.succeeded()) {
                  removed(dead, done.result());
                } else {
                  failed(dead, done.cause());
                }
              });
    }
  }

  /** The next one to be sent; null when it is not for this thread to send any. */
  private synchronized DeadDevice next(boolean begins) {
    if (begins && sending) {
      return null;
    }
    sending = !paused && underway < AT_ONCE && !waiting.isEmpty();
    if (!sending) {
      return null;
    }
    underway++;
    Iterator<DeadDevice> first = waiting.values().iterator();
    DeadDevice next = first.next();
    first.remove();
    return next;
  }

  private void removed(DeadDevice dead, int records) {
    removed.add(records);
    LOG.debug("{}: a dead token has gone from {} records", dead, records);
    synchronized (this) {
      underway--;
      pauseMs = 0;
      full = false;
    }
    send();
  }

  private void failed(DeadDevice dead, Throwable cause) {
    LOG.debug("{}: a dead token could not be removed yet", dead, cause);
    boolean toWait;
    long ms;
    synchronized (this) {
      underway--;
      boolean unused = put(dead, false);
      toWait = !paused && !closed;
      if (toWait) {
        paused = true;
        pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
      }
      ms = pauseMs;
    }
    if (toWait) {
      time.timer(ms, this::goOn);
    }
  }

  private void goOn() {
    synchronized (this) {
      paused = false;
    }
    send();
  }
}
