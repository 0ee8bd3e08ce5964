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
 * The thread that writes what has ended: ten times a second all that has come, in one go. While
 * much comes, it makes bytes of it in between: a push that waits for its turn is in the way of the
 * collector, and no longer in the processor's cache when it comes. While it cannot write, what came
 * waits as far as there is memory, and it tries again each second.
 */
final class TrailWriter {
  private static final Logger LOG = LoggerFactory.getLogger(TrailWriter.class);

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The same while much comes. */
  private static final long SHORT_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  /** So many at once are much. */
  private static final int MUCH = 50;

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
  private final TrailBatch batch = new TrailBatch();

  /** Who wants to know when all is written that has come until now. */
  private final Queue<Promise<Void>> flushers = new ConcurrentLinkedQueue<>();

  private TrailFile file;
  private long hour;
  private long nap = TICK_NANOS;

  /** When it was last tried to write. */
  private long triedAt = System.nanoTime();

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
        LockSupport.parkNanos(this, problem.isEmpty() ? nap : AGAIN_NANOS);
      }
      last = stopped;
      List<Promise<Void>> waiting = waiting();
      try {
        turn(last || !waiting.isEmpty());
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

  private void turn(boolean now) {
    long begun = System.nanoTime();
    int taken = take();
    if (now || taken < MUCH || begun - triedAt > TICK_NANOS - SHORT_TICK_NANOS) {
      triedAt = begun;
      round();
    }
    nap = taken < MUCH ? TICK_NANOS : SHORT_TICK_NANOS;
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
      if (!write()) {
        return;
      }
    } while (take() > 0);
    writtenAt = time.millis();
  }

  /** Makes bytes of what has come; while there is room, since what was not written comes first. */
  private int take() {
    int taken = 0;
    Object one = batch.count() < MOST_AT_ONCE ? queue.poll() : null;
    while (one != null) {
      taken++;
      try {
        take(one);
      } catch (RuntimeException e) {
        torn(e);
      }
      one = batch.count() < MOST_AT_ONCE ? queue.poll() : null;
    }
    return taken;
  }

  private void take(Object one) {
    if (one instanceof TrailNote note) {
      batch.add(note);
      return;
    }
    TrailEntry entry = one instanceof TrailDraft draft ? draft.entry() : (TrailEntry) one;
    followers.accept(entry);
    if (sample > 1 && entry.end() == TrailEnd.DELIVERED && isLeftOut(entry)) {
      counts.dropped(Dropped.SAMPLED);
    } else {
      batch.add(entry);
    }
  }

  /** Those after it are not to wait for their turn because of it. */
  private void torn(RuntimeException cause) {
    counts.dropped(Dropped.DISK);
    if (!toldTorn) {
      toldTorn = true;
      LOG.error(
          "a record of the trail cannot be made, which is a fault of Pushserver; it is lost, the"
              + " others are written; please report this line and those below it",
          cause);
    }
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
        batch.addTo(file);
        file.commit();
        counts.written(batch.count());
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
      counts.dropped(Dropped.DISK, batch.count());
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
    int left = batch.count();
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
