// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.pushserver.sqlite.SqliteFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that changes the file: all changes that have come while it made the former ones
 * certain, in one transaction. A change is answered after that.
 */
final class ChangeWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeWriter.class);

  /** So that nobody waits long for the first of them. */
  private static final int MOST_AT_ONCE = 2000;

  private static final int MOST_WAITING = 20_000;
  static final String STOPPING = "the server is being stopped";

  /** Between two tries to get the file from somebody else; readers wait so long at the most. */
  static final int TRY_MS = 50;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Of the time to stop, what is left to answer and to close the file. */
  private static final long LAST_ANSWERS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long SEEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A change of the file, and who waits for it. */
  record Change<T>(Work<T> work, Promise<T> answer) {}

  /** What is done to the file. */
  interface Work<T> {
    T on(TokenDatabase database) throws SQLException;
  }

  /** Who is told how it is with the file, on this thread. */
  interface Health {
    void failed(SQLException cause);

    void well();
  }

  /** Opens the file again after it has failed. */
  interface Opener {
    TokenDatabase open() throws SQLException, TokenStoreException;
  }

  private final Opener opener;
  private final TokenCache cache;
  private final Health health;
  private final Queue<Change<?>> changes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<Runnable> looks = new ConcurrentLinkedQueue<>();
  private final SeenDevices seen = new SeenDevices();
  private final Thread thread = new Thread(this::run, "tokens");

  /** Null after a failure: its statements cannot be used again after some. */
  private TokenDatabase database;

  private volatile boolean changing;
  private volatile boolean stopped;
  private volatile boolean ended;

  /** When it gives up what it has not made, once it is stopped. */
  private volatile long stopAt;

  private long others;
  private long seenAt = System.nanoTime();

  /**
   * @param database the file, which it closes
   */
  ChangeWriter(TokenDatabase database, Opener opener, TokenCache cache, Health health)
      throws SQLException {
    this.database = database;
    this.opener = opener;
    this.cache = cache;
    this.health = health;
    others = database.otherChanges();
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Takes a change; fails it when too many wait. Any thread. */
  void submit(Change<?> change) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      int unused = waiting.decrementAndGet();
      change
          .answer()
          .fail(new TokenStoreException("more devices come than can be stored; try again later"));
      return;
    }
    boolean unused = changes.add(change);
    LockSupport.unpark(thread);
    if (ended) {
      refuseRest();
    }
  }

  /** Whether it makes changes at the moment; after them it looks by itself. Any thread. */
  boolean isChanging() {
    return changing;
  }

  /** Runs a task after a look whether others have changed the file. Any thread. */
  void look(Runnable then) {
    boolean unused = looks.add(then);
    LockSupport.unpark(thread);
    if (ended) {
      refuseRest();
    }
  }

  /** Notes that a device was seen; written soon. Any thread. */
  void seen(String account, String appId, String deviceId, long now) {
    seen.note(account, appId, deviceId, now);
  }

  /**
   * Makes the changes that have come, and ends. Those for which there is no time any more, because
   * somebody else has the file, fail. Blocks, for so long at the most.
   */
  void stop(long longestMs) throws InterruptedException {
    long longest = TimeUnit.MILLISECONDS.toNanos(longestMs);
    long begun = System.nanoTime();
    stopAt = begun + longest - LAST_ANSWERS_NANOS;
    stopped = true;
    LockSupport.unpark(thread);
    thread.join(longestMs);
    if (thread.isAlive()) {
      // The disk does not answer. Who waits for what was not begun need not wait for it.
      refuseRest();
    }
  }

  private boolean isTooLate() {
    return stopped && System.nanoTime() - stopAt > 0;
  }

  private void run() {
    boolean last = false;
    while ((!last || !changes.isEmpty() || !seen.isEmpty()) && !isTooLate()) {
      last = stopped;
      try {
        round(last);
      } catch (RuntimeException | Error e) {
        LOG.error(
            "the store of tokens has failed, which is a fault of Pushserver; it goes on; please report"
                + " this line and those below it",
            e);
      }
    }
    closeDatabase();
    ended = true;
    refuseRest();
  }

  private void closeDatabase() {
    if (database == null) {
      return;
    }
    try {
      database.close();
    } catch (SQLException e) {
      LOG.debug("closing the file of tokens", e);
    }
    database = null;
  }

  /** Who came too late must not wait for ever. */
  private void refuseRest() {
    Change<?> change = changes.poll();
    while (change != null) {
      change.answer().tryFail(new TokenStoreException(STOPPING));
      change = changes.poll();
    }
    Runnable look = looks.poll();
    while (look != null) {
      look.run();
      look = looks.poll();
    }
  }

  private void round(boolean last) {
    looks();
    List<Change<?>> batch = take();
    if (!batch.isEmpty()) {
      write(batch);
    } else if (!seen.isEmpty() && (last || System.nanoTime() - seenAt > SEEN_NANOS)) {
      writeSeen();
    } else if (!last && looks.isEmpty()) {
      if (seen.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, SEEN_NANOS);
      }
    }
  }

  private void looks() {
    if (looks.isEmpty()) {
      return;
    }
    try {
      lookAtOthers();
    } catch (SQLException e) {
      cache.clear();
      LOG.debug("looking for changes of others", e);
    }
    Runnable one = looks.poll();
    while (one != null) {
      one.run();
      one = looks.poll();
    }
  }

  private void lookAtOthers() throws SQLException {
    if (database == null) {
      cache.clear();
      return;
    }
    long now = database.otherChanges();
    if (now != others) {
      others = now;
      cache.clear();
    }
  }

  private List<Change<?>> take() {
    List<Change<?>> batch = new ArrayList<>();
    Change<?> one = changes.poll();
    while (one != null) {
      batch.add(one);
      one = batch.size() < MOST_AT_ONCE ? changes.poll() : null;
    }
    waiting.addAndGet(-batch.size());
    return batch;
  }

  private void write(List<Change<?>> batch) {
    List<Runnable> answers = new ArrayList<>();
    try {
      transaction(
          () -> {
            for (Change<?> one : batch) {
              answers.add(made(one));
            }
          });
    } catch (SQLException | TokenStoreException | RuntimeException | Error e) {
      // An error, too: nobody is to wait for ever.
      failed(batch, e);
      return;
    }
    answers.forEach(Runnable::run);
  }

  private void failed(List<Change<?>> batch, Throwable cause) {
    boolean ofOne =
        cause instanceof RuntimeException
            || cause instanceof Error
            || (cause instanceof SQLException failed
                && SqliteFault.of(failed) == SqliteFault.OTHER);
    if (ofOne && batch.size() > 1) {
      // The others are not to suffer for it.
      batch.forEach(one -> write(List.of(one)));
      return;
    }
    batch.forEach(one -> one.answer().fail(cause));
  }

  private <T> Runnable made(Change<T> change) throws SQLException {
    T result = change.work().on(database);
    return () -> change.answer().complete(result);
  }

  private interface Task {
    void run() throws SQLException;
  }

  private void transaction(Task task) throws SQLException, TokenStoreException {
    try {
      begin();
      changing = true;
      try {
        task.run();
        database.commit();
      } catch (SQLException | RuntimeException | Error e) {
        database.rollback();
        throw e;
      } finally {
        changing = false;
      }
      database.touched().forEach(cache::changed);
      lookAtOthers();
    } catch (SQLException e) {
      if (SqliteFault.of(e) != SqliteFault.BUSY) {
        closeDatabase();
      }
      health.failed(e);
      throw e;
    }
    health.well();
  }

  /**
   * Waits for somebody else who writes; who only wants to know of his changes is told meanwhile.
   */
  private void begin() throws SQLException, TokenStoreException {
    if (database == null) {
      database = opener.open();
      others = database.otherChanges();
      cache.clear();
    }
    long begun = System.nanoTime();
    while (true) {
      try {
        database.begin();
        return;
      } catch (SQLException e) {
        if (SqliteFault.of(e) != SqliteFault.BUSY
            || System.nanoTime() - begun > PATIENCE_NANOS
            || isTooLate()) {
          throw e;
        }
        looks();
      }
    }
  }

  private void writeSeen() {
    seenAt = System.nanoTime();
    List<Map.Entry<SeenDevices.Device, Long>> some = seen.some();
    try {
      transaction(() -> SeenDevices.write(some, database));
    } catch (SQLException | TokenStoreException | RuntimeException e) {
      LOG.debug("when devices were seen is not written", e);
    }
    // After that they are cached with the new day, or the next push says so again.
    seen.forget(some);
    if (!seen.isEmpty()) {
      seenAt -= SEEN_NANOS;
    }
  }
}
