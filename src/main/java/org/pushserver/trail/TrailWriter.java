// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.pushserver.spi.Time;
import org.pushserver.trail.TrailCounts.Dropped;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes what has ended: ten times a second all that has come, in one go. While it
 * cannot, what came waits as far as there is memory, and it tries again each second.
 */
final class TrailWriter {
  private static final Logger LOG = LoggerFactory.getLogger(TrailWriter.class);

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);

  /** So many are made certain together, so that others get their turn with the file. */
  private static final int MOST_AT_ONCE = 20_000;

  private static final int MOST_ENTRIES = 1_000_000;

  /** So many failures in a row, and another file is tried. */
  private static final int PATIENCE = 5;

  private final TrailQueue queue;
  private final TrailFiles files;
  private final TrailUpkeep upkeep;
  private final TrailCounts counts;
  private final Time time;
  private final long mostBytes;
  private final int sample;
  private final Consumer<TrailEntry> followers;
  private final Thread thread;
  private final List<Object> batch = new ArrayList<>();

  /** Who wants to know when all is written that has come until now. */
  private final Queue<Promise<Void>> flushers = new ConcurrentLinkedQueue<>();

  private TrailFile file;
  private long hour;
  private int failures;
  private boolean told;

  /** Of such a fault it is said once: each push may have it. */
  private boolean toldTorn;

  private volatile String problem = "";
  private volatile long writtenAt;
  private volatile boolean stopped;

  /**
   * @param followers told of each entry, on this thread
   */
  TrailWriter(
      TrailLimits options,
      TrailQueue queue,
      TrailFiles files,
      TrailUpkeep upkeep,
      TrailCounts counts,
      Time time,
      Consumer<TrailEntry> followers) {
    this.queue = queue;
    this.files = files;
    this.upkeep = upkeep;
    this.counts = counts;
    this.time = time;
    this.mostBytes = Math.max(1, options.maxSize() / 10);
    this.sample = options.sample();
    this.followers = followers;
    this.writtenAt = time.millis();
    this.thread = new Thread(this::run, "trail");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Why nothing can be written; empty when all is well. Any thread. */
  String problem() {
    return problem;
  }

  /** How long ago all that had ended was written, in milliseconds. Any thread. */
  long lagMs() {
    return Math.max(0, time.millis() - writtenAt);
  }

  /** Writes what has come, once, and ends. Blocks until then, for so long at the most. */
  void stop(long ms) {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      thread.join(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Writes what has come, soon.
   *
   * @return completes when that has been tried
   */
  Future<Void> flush() {
    Promise<Void> flushed = Promise.promise();
    boolean unused = flushers.add(flushed);
    if (stopped) {
      flushed.tryComplete();
    }
    LockSupport.unpark(thread);
    return flushed.future();
  }

  private void run() {
    boolean last = false;
    while (!last) {
      if (!stopped && flushers.isEmpty()) {
        LockSupport.parkNanos(this, problem.isEmpty() ? TICK_NANOS : AGAIN_NANOS);
      }
      last = stopped;
      List<Promise<Void>> waiting = waiting();
      try {
        round();
      } catch (RuntimeException | Error e) {
        failed("unexpected: " + e, Dropped.DISK);
        LOG.debug("the cause", e);
      }
      waiting.forEach(Promise::tryComplete);
    }
    waiting().forEach(Promise::tryComplete);
    closeFile();
    count(Dropped.DISK);
  }

  private List<Promise<Void>> waiting() {
    List<Promise<Void>> all = new ArrayList<>();
    Promise<Void> one = flushers.poll();
    while (one != null) {
      all.add(one);
      one = flushers.poll();
    }
    return all;
  }

  /** All that waits; while it can be written. */
  private void round() {
    do {
      take();
      if (!write()) {
        return;
      }
    } while (!queue.isEmpty());
    writtenAt = time.millis();
  }

  private void take() {
    // What could not be written before comes first.
    Object one = batch.size() < MOST_AT_ONCE ? queue.poll() : null;
    while (one != null) {
      Object kept = one instanceof TrailDraft draft ? ended(draft) : one;
      if (one instanceof TrailEntry refused) {
        followers.accept(refused);
      }
      if (kept != null) {
        batch.add(kept);
      }
      one = batch.size() < MOST_AT_ONCE ? queue.poll() : null;
    }
  }

  private TrailEntry ended(TrailDraft draft) {
    TrailEntry entry;
    try {
      entry = draft.entry();
    } catch (RuntimeException e) {
      // Those after it are not to wait for their turn because of it.
      counts.dropped(Dropped.DISK);
      if (!toldTorn) {
        toldTorn = true;
        LOG.error(
            "a record of the trail cannot be made, which is a fault of Pushserver; it is lost, the"
                + " others are written; please report this line and those below it",
            e);
      }
      return null;
    }
    followers.accept(entry);
    if (sample > 1 && entry.end() == TrailEnd.DELIVERED && isLeftOut(entry)) {
      counts.dropped(Dropped.SAMPLED);
      return null;
    }
    return entry;
  }

  /** All pushes of a call, or none. */
  private boolean isLeftOut(TrailEntry entry) {
    String whole = entry.callId().isEmpty() ? entry.id().toString() : entry.callId();
    return TrailKeys.call(whole) % sample != 0;
  }

  private boolean write() {
    try {
      upkeep.claim();
      rollOver();
      if (!batch.isEmpty()) {
        open();
        for (Object one : batch) {
          if (one instanceof TrailEntry entry) {
            file.add(entry);
          } else {
            file.add((TrailNote) one);
          }
        }
        file.commit();
        counts.written(batch.size());
        batch.clear();
      }
      well();
      return true;
    } catch (SQLException e) {
      return notWritten(e);
    } catch (IOException e) {
      failed(
          TrailFault.of(e, files.folder()),
          upkeep.isAnothers() ? Dropped.ANOTHER_SERVER : Dropped.DISK);
      return false;
    } catch (RuntimeException e) {
      // What nobody can write must not stand before all that follows.
      counts.dropped(Dropped.DISK, batch.size());
      batch.clear();
      closeFile();
      throw e;
    }
  }

  private void open() throws IOException, SQLException {
    if (file != null) {
      return;
    }
    long now = time.now();
    Path path = files.next(now);
    upkeep.writing(path);
    file = TrailFile.create(path);
    hour = now / HOUR_MS;
  }

  private void rollOver() throws IOException {
    if (file == null) {
      return;
    }
    boolean gone = !Files.exists(file.path());
    if (gone
        || time.now() / HOUR_MS != hour
        || file.entries() >= MOST_ENTRIES
        || file.bytes() > mostBytes) {
      closeFile();
    }
  }

  private void closeFile() {
    if (file == null) {
      return;
    }
    TrailFile closing = file;
    file = null;
    try {
      closing.close();
    } catch (SQLException e) {
      LOG.debug("{}", closing.path(), e);
    }
    upkeep.writing(null);
  }

  private boolean notWritten(SQLException cause) {
    failures++;
    boolean damaged = file != null && TrailSchema.isDamage(cause);
    if (damaged) {
      upkeep.setAside(file, TrailFault.of(cause));
      upkeep.writing(null);
      file = null;
    } else if (file != null && !isRolledBack()) {
      closeFile();
    }
    failed(TrailFault.of(cause, files.folder()), Dropped.DISK);
    return false;
  }

  private boolean isRolledBack() {
    try {
      file.rollback();
      return failures % PATIENCE != 0;
    } catch (SQLException e) {
      return false;
    }
  }

  private void failed(String why, Dropped reason) {
    queue.whenFull(reason);
    if (!told || !problem.equals(why)) {
      LOG.error(
          "the trail cannot be written: {}; pushes go on, and {} MB of what ends waits in memory",
          why,
          TrailRecorder.MOST_BYTES >> 20);
      told = true;
    }
    problem = why;
  }

  private void well() {
    failures = 0;
    if (told) {
      told = false;
      LOG.info("the trail is written again; {} records were lost so far", counts.lost());
    }
    problem = "";
    queue.whenFull(Dropped.OVERLOAD);
  }

  /** Of what is left nobody writes anything any more. */
  private void count(Dropped why) {
    int left = batch.size();
    batch.clear();
    while (queue.poll() != null) {
      left++;
    }
    counts.dropped(why, left);
    if (left > 0) {
      LOG.warn("{} records of the trail were lost, because they could not be written", left);
    }
  }
}
