// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes once a day the devices of which nothing was heard for long: neither registered they nor
 * was one reached. Slowly, a small page after the other, so that nobody waits for it. Runs on the
 * event loop that started it; what it counts any thread may ask.
 */
public final class UnseenTokens {
  /** The first look comes when a server has long begun to work. */
  static final long FIRST_MS = TimeUnit.MINUTES.toMillis(10);

  static final long EVERY_MS = TimeUnit.DAYS.toMillis(1);

  /** Devices at a time, and how long it leaves the store alone after them. */
  static final int PAGE = 200;

  static final long PAUSE_MS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(UnseenTokens.class);

  private final TokenStore store;
  private final Time time;
  private final int days;
  private final LongAdder removed = new LongAdder();
  private volatile long timer;
  private volatile boolean closed;

  /**
   * @param days after which a device goes of which nothing was heard; 1 or more
   */
  public UnseenTokens(TokenStore store, Time time, int days) {
    this.store = store;
    this.time = time;
    this.days = days;
  }

  /** Begins. */
  public void start() {
    timer = time.timer(FIRST_MS, this::look);
  }

  /** How many have gone so far. */
  public long removed() {
    return removed.sum();
  }

  /** Ends it, in the middle of a look as well. */
  public void close() {
    closed = true;
    time.cancel(timer);
  }

  private void look() {
    Look look = new Look(time.now() - TimeUnit.DAYS.toMillis(days));
    look.next(null);
  }

  private void later(long ms, Runnable task) {
    if (!closed) {
      timer = time.timer(ms, task);
    }
  }

  /** One walk through all that is stored. First it only counts: a clock may be wrong. */
  private final class Look {
    private final long before;
    private boolean removing;
    private long seen;
    private long unseen;
    private long gone;

    /**
     * @param before milliseconds since the epoch: who was seen later stays
     */
    Look(long before) {
      this.before = before;
    }

    void next(String after) {
      store
          .list(after, PAGE)
          .compose(page -> removing ? remove(page) : count(page))
          .onComplete(
              done -> {
                if (done.failed()) {
                  failed(done.cause());
                } else if (done.result() != null) {
                  later(PAUSE_MS, () -> next(done.result()));
                } else {
                  ended();
                }
              });
    }

    private Future<String> count(TokenPage page) {
      for (StoredToken one : page.tokens()) {
        if (one.isUnseenSince(before)) {
          unseen++;
        } else if (one.lastSeen() != 0) {
          seen++;
        }
      }
      return Future.succeededFuture(page.next());
    }

    private Future<String> remove(TokenPage page) {
      return remove(page.tokens().iterator()).map(done -> page.next());
    }

    /** One after the other; one that registers meanwhile stays. */
    private Future<Void> remove(Iterator<StoredToken> tokens) {
      while (!closed && tokens.hasNext()) {
        StoredToken one = tokens.next();
        if (one.isUnseenSince(before)) {
          return store
              .dead(new DeadDevice(one.app(), one.token(), one.account(), one.deviceId(), before))
              .compose(
                  records -> {
                    gone += records;
                    removed.add(records);
                    return remove(tokens);
                  });
        }
      }
      return Future.succeededFuture();
    }

    private void ended() {
      if (removing) {
        LOG.info(
            "token_max_age: {} devices that were not seen for {} days were removed; {} stay",
            gone,
            days,
            seen);
      } else if (unseen > 0 && seen > 0) {
        removing = true;
        later(PAUSE_MS, () -> next(null));
        return;
      } else if (unseen > 0) {
        LOG.warn(
            "token_max_age: not one of {} devices was seen since {}, so none is removed: is this"
                + " machine's clock right, and do apps register here?",
            unseen,
            Instant.ofEpochMilli(before));
      } else {
        LOG.info("token_max_age: all of {} devices were seen in the last {} days", seen, days);
      }
      later(EVERY_MS, UnseenTokens.this::look);
    }

    private void failed(Throwable cause) {
      LOG.warn(
          "token_max_age: the search for devices that were not seen for {} days ended early, after"
              + " {} were removed; it begins again tomorrow: {}",
          days,
          gone,
          Reason.of(cause));
      later(EVERY_MS, UnseenTokens.this::look);
    }
  }
}
