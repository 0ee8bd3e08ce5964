// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What is to be written, and what is known of what was: between those who keep and forget, on any
 * thread, and the one that writes. Whoever holds its lock neither waits nor touches the disk.
 */
final class SpoolQueue implements Spool {
  /** So long others are waited for that go to the disk together with the first. */
  private static final long GATHERING = TimeUnit.MILLISECONDS.toNanos(5);

  /** What could not be written is tried again so often. */
  private static final long RETRY = TimeUnit.SECONDS.toNanos(1);

  /** A write that takes longer is taken for one that never ends. */
  private static final long HANGING = TimeUnit.SECONDS.toNanos(3);

  /** So often, a second apart, the same is seen to be waited for before the disk hangs. */
  private static final int LOOKS = 3;

  /** Nothing comes any more. */
  private static final long CLOSED = -1;

  private final SpoolFolder folder;
  private final SpoolNews news;

  /** Guards all below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final SpoolIndex index;
  private final SpoolSegments segments;
  private SpoolBatch gathering = new SpoolBatch();
  private SpoolBatch writing = new SpoolBatch();

  /** Since when {@code writing} is being written, by {@link System#nanoTime}. */
  private long writingSince;

  private boolean isWriting;
  private boolean isClosing;
  private long retryAt;

  /** What could not be deleted is tried again then. */
  private long tidyAt = System.nanoTime();

  /** What was waited for at the last look; null for nothing. */
  private SpoolBatch seen;

  private int looks;

  /** Why nothing can be kept; null while all is well. */
  private volatile SpoolException problem;

  /**
   * @param index of what is in the folder already
   */
  SpoolQueue(SpoolFolder folder, SpoolIndex index, SpoolNews news) {
    this.folder = folder;
    this.index = index;
    this.segments = new SpoolSegments(lock, index, folder);
    this.news = news;
  }

  /** Its segments; for the writer. */
  SpoolSegments segments() {
    return segments;
  }

  @Override
  public Future<Void> append(UUID id, Supplier<byte[]> record) {
    SpoolException refusal;
    PendingRecord pending = null;
    lock.lock();
    try {
      refusal = refusal();
      if (refusal == null) {
        wakeForFirst();
        pending = new PendingRecord(id, record, gathering.kept.get(id));
        PendingRecord unused = gathering.kept.put(id, pending);
      }
    } finally {
      lock.unlock();
    }
    return refusal == null ? pending.future() : Future.failedFuture(refusal);
  }

  private SpoolException refusal() {
    if (problem != null) {
      return problem;
    }
    if (isClosing) {
      return closed();
    }
    return isWriting && System.nanoTime() - writingSince > HANGING
        ? new SpoolException(SpoolFault.hangs(folder.path()))
        : null;
  }

  private static SpoolException closed() {
    return new SpoolException("the spool is closed");
  }

  private void wakeForFirst() {
    if (gathering.isEmpty()) {
      gathering.begin();
      changed.signal();
    }
  }

  @Override
  public void forget(UUID id) {
    PendingRecord unwritten;
    PendingRecord underway = null;
    lock.lock();
    try {
      unwritten = gathering.kept.remove(id);
      boolean isKept = index.forget(id);
      PendingRecord written = writing.kept.get(id);
      if (written != null && !written.isForgotten) {
        written.isForgotten = true;
        underway = written;
        isKept = true;
      }
      if (isKept) {
        wakeForFirst();
        gathering.forgotten.add(id);
      }
    } finally {
      lock.unlock();
    }
    if (unwritten != null) {
      unwritten.complete();
    }
    if (underway != null) {
      underway.complete();
    }
  }

  @Override
  public String problem() {
    SpoolException known = problem;
    if (known != null) {
      return known.getMessage();
    }
    lock.lock();
    try {
      SpoolException refusal = isClosing ? null : refusal();
      return refusal == null ? null : refusal.getMessage();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells those who wait when the disk hangs. To be called each second: that counts looks, and not
   * the time, so that a machine that stood still is not taken for a disk that does.
   *
   * @return whether it hangs
   */
  boolean look() {
    List<PendingRecord> waiting = new ArrayList<>();
    SpoolException why;
    lock.lock();
    try {
      if (!isStuck()) {
        return false;
      }
      if (problem != null) {
        return true;
      }
      waiting.addAll(writing.kept.values());
      waiting.addAll(gathering.kept.values());
      why = new SpoolException(SpoolFault.hangs(folder.path()));
      problem = why;
      retryAt = System.nanoTime();
    } finally {
      lock.unlock();
    }
    news.failing(why.getMessage());
    waiting.forEach(one -> one.fail(why));
    return true;
  }

  private boolean isStuck() {
    boolean isAny = isWriting || !gathering.isEmpty();
    SpoolBatch oldest = isWriting ? writing : gathering;
    looks = isAny && oldest == seen ? looks + 1 : 0;
    seen = isAny ? oldest : null;
    return looks >= LOOKS;
  }

  /** How many records are on disk and not forgotten. */
  int size() {
    lock.lock();
    try {
      return index.records().size();
    } finally {
      lock.unlock();
    }
  }

  /** What the spool takes on disk, in bytes. */
  long bytes() {
    lock.lock();
    try {
      return index.totalBytes();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing in any more. */
  void close() {
    lock.lock();
    try {
      isClosing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosing() {
    lock.lock();
    try {
      return isClosing;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What is to be written next; waits for it. Writer's thread, as all below.
   *
   * @param newest the segment that is written
   * @return an empty one when there is something else to do; null when all is done and closed
   */
  SpoolBatch take(int newest) {
    lock.lock();
    try {
      while (true) {
        long wait = untilNext(newest);
        if (wait <= 0) {
          return wait == CLOSED ? null : begin();
        }
        long unused = changed.awaitNanos(wait);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the writer", e);
    } finally {
      lock.unlock();
    }
  }

  /** How long to wait, in nanoseconds; 0 for not at all. */
  private long untilNext(int newest) {
    if (isClosing) {
      return gathering.isEmpty() ? CLOSED : 0;
    }
    if (problem != null) {
      return Math.max(0, retryAt - System.nanoTime());
    }
    if (!gathering.isEmpty()) {
      return Math.max(0, gathering.since() + GATHERING - System.nanoTime());
    }
    boolean isToTidy =
        index.oldestDead(newest) != SpoolIndex.NONE
            || index.oldestToCarry(newest) != SpoolIndex.NONE;
    return isToTidy ? Math.max(0, tidyAt - System.nanoTime()) : Long.MAX_VALUE;
  }

  /** What is to go could not be deleted. */
  void tidyLater() {
    lock.lock();
    try {
      tidyAt = System.nanoTime() + RETRY;
    } finally {
      lock.unlock();
    }
  }

  private SpoolBatch begin() {
    writing = gathering;
    gathering = new SpoolBatch();
    isWriting = true;
    writingSince = System.nanoTime();
    return writing;
  }

  /** A batch is on disk. */
  void written(SpoolBatch batch, List<CarriedRecord> carried) {
    boolean works;
    lock.lock();
    try {
      batch.kept.values().forEach(this::place);
      carried.forEach(index::move);
      works = problem != null;
      problem = null;
      done();
    } finally {
      lock.unlock();
    }
    if (works) {
      news.working();
    }
    batch.kept.values().forEach(PendingRecord::complete);
  }

  private void place(PendingRecord one) {
    if (one.segment != SpoolIndex.NONE && !one.isForgotten) {
      int unused = index.put(one.id, one.segment, one.offset, one.length);
    }
  }

  private void done() {
    writing = new SpoolBatch();
    isWriting = false;
  }

  /**
   * A batch could not be written.
   *
   * @param kept those of it that are on disk nevertheless
   * @param remains those that may be: they have to be forgotten in the log, too
   */
  void failed(
      SpoolBatch batch, List<PendingRecord> kept, List<PendingRecord> remains, Throwable cause) {
    SpoolException why = new SpoolException(SpoolFault.of(cause, folder.path()), cause);
    List<PendingRecord> failed = new ArrayList<>();
    boolean isNew;
    lock.lock();
    try {
      kept.forEach(this::place);
      remains.forEach(this::place);
      if (isClosing) {
        gathering.forgotten.clear();
      } else {
        gathering.forgotten.addAll(0, batch.forgotten);
      }
      // What was gathered meanwhile has no better chance.
      failed.addAll(batch.kept.values());
      failed.addAll(gathering.kept.values());
      gathering.kept.clear();
      isNew = problem == null;
      problem = why;
      retryAt = System.nanoTime() + RETRY;
      done();
    } finally {
      lock.unlock();
    }
    if (isNew) {
      news.failing(why.getMessage());
    }
    kept.forEach(PendingRecord::complete);
    failed.forEach(one -> one.fail(why));
  }

  boolean hasProblem() {
    return problem != null;
  }

  /** The writer has ended, by itself or by an error that nobody expected. */
  void ended() {
    List<PendingRecord> never = new ArrayList<>();
    SpoolException why;
    boolean isError;
    lock.lock();
    try {
      isError = !isClosing;
      why = isError ? new SpoolException(SpoolFault.stopped(folder.path())) : closed();
      isClosing = true;
      problem = why;
      never.addAll(writing.kept.values());
      never.addAll(gathering.kept.values());
      gathering = new SpoolBatch();
      done();
    } finally {
      lock.unlock();
    }
    if (isError) {
      news.failing(why.getMessage());
    }
    never.forEach(one -> one.fail(why));
  }
}
