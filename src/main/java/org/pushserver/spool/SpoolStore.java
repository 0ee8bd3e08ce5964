// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.PushStore;
import org.pushserver.wire.DamagedPushException;
import org.pushserver.wire.PushBytes;

/**
 * The spool as the store of all pushes: what nobody waits for is kept at once, what somebody waits
 * for when it takes long. Any thread, unless said otherwise.
 */
public final class SpoolStore implements PushStore {
  /** What is written when somebody has to know that all before it is on disk. */
  private static final UUID MARK = new UUID(0, 0);

  /** Less than a service manager gives a server to start: it is to be said what is wrong. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final byte[] NOTHING = new byte[0];
  private static final Future<Void> DONE = Future.succeededFuture();

  private final SpoolLog log;
  private final SpoolNews news;
  private final long patienceMs;
  private final Map<UUID, KeptRecord> kept = new ConcurrentHashMap<>();

  /** What a former process has left and no application has taken up, in the order of its coming. */
  private final Map<AppKey, List<KeptPush>> left = new HashMap<>();

  private final LongAdder failures = new LongAdder();
  private final long openedAt;
  private volatile int replayed;

  /** How long the last push took to be kept, in nanoseconds. */
  private volatile long lastNanos;

  private SpoolStore(SpoolLog log, SpoolNews news, Duration after, long now) throws SpoolException {
    this.log = log;
    this.news = news;
    this.openedAt = now;
    this.patienceMs = Math.max(1, after.toMillis());
    log.load((id, content, mayHaveEnded) -> load(id, content, mayHaveEnded, now));
    this.replayed = kept.size();
  }

  /**
   * Opens the spool, and reads what a former process has left in it. Blocks, less than a minute
   * also when the disk does not answer.
   *
   * @param folder its own; made when it is not there
   * @param after how long a push waits whose caller waits before it is kept
   * @param now milliseconds since the epoch
   * @throws SpoolException when it cannot be used; in an operator's words
   */
  public static SpoolStore open(Path folder, Duration after, SpoolNews news, long now)
      throws SpoolException {
    return open(folder, after, news, now, PATIENCE);
  }

  /**
   * @param patience how long the disk may take
   */
  static SpoolStore open(Path folder, Duration after, SpoolNews news, long now, Duration patience)
      throws SpoolException {
    return SpoolOpening.within(patience, folder, () -> openNow(folder, after, news, now));
  }

  private static SpoolStore openNow(Path folder, Duration after, SpoolNews news, long now)
      throws SpoolException {
    SpoolLog log = SpoolLog.open(folder, Duration.ZERO, news);
    boolean isGood = false;
    try {
      SpoolStore store = new SpoolStore(log, news, after, now);
      log.start();
      isGood = true;
      return store;
    } finally {
      if (!isGood) {
        Future<Void> unused = log.close();
      }
    }
  }

  private void load(UUID id, byte[] content, boolean mayHaveEnded, long now) {
    if (id.equals(MARK)) {
      return;
    }
    try {
      KeptPush read = PushBytes.read(content, now);
      KeptPush push = mayHaveEnded ? new KeptPush(read.push(), read.attempts(), true) : read;
      kept.put(id, KeptRecord.written(push));
      left.computeIfAbsent(push.push().app(), first -> new ArrayList<>()).add(push);
    } catch (DamagedPushException e) {
      news.damaged("a push in the spool cannot be read, and stays where it is: " + e.getMessage());
    }
  }

  @Override
  public Future<Void> keep(Push push, boolean isAwaited) {
    return isAwaited ? DONE : keepLonger(new KeptPush(push));
  }

  @Override
  public long patienceMs() {
    return patienceMs;
  }

  @Override
  public Future<Void> keepLonger(KeptPush push) {
    UUID id = push.push().id();
    KeptRecord record = new KeptRecord(push);
    kept.put(id, record);
    long since = System.nanoTime();
    Future<Void> keeps = log.append(id, record);
    if (keeps.failed()) {
      unkept(id, record);
      return keeps;
    }
    return keeps
        .onSuccess(done -> lastNanos = System.nanoTime() - since)
        .onFailure(cause -> unkept(id, record));
  }

  private void unkept(UUID id, KeptRecord record) {
    failures.increment();
    if (kept.remove(id, record)) {
      log.forget(id);
    }
  }

  @Override
  public void changed(UUID id, int attempts, boolean mayHaveArrived) {
    KeptRecord record = kept.get(id);
    if (record != null && record.changed(attempts, mayHaveArrived)) {
      // As it was before is good enough, when this cannot be written.
      Future<Void> unused = log.append(id, record);
    }
  }

  @Override
  public Future<Void> ended(UUID id) {
    KeptRecord record = kept.remove(id);
    if (record == null) {
      return DONE;
    }
    log.forget(id);
    return record.isWritten() ? log.append(MARK, () -> NOTHING) : DONE;
  }

  @Override
  public boolean isLasting() {
    return true;
  }

  @Override
  public Future<List<KeptPush>> left(AppKey application) {
    synchronized (left) {
      List<KeptPush> pushes = left.remove(application);
      return Future.succeededFuture(pushes == null ? List.of() : pushes);
    }
  }

  /** How much no application has taken up, by its application. */
  public Map<AppKey, Integer> untaken() {
    synchronized (left) {
      return left.entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> one.getValue().size()));
    }
  }

  /**
   * Takes out what no application has taken up before it became worthless; it is to be ended.
   *
   * @param now milliseconds since the epoch
   */
  public List<KeptPush> untakenOver(long now) {
    List<KeptPush> over = new ArrayList<>();
    synchronized (left) {
      for (List<KeptPush> pushes : left.values()) {
        pushes.removeIf(
            push -> {
              boolean isOver = isOver(push.push(), now);
              if (isOver) {
                over.add(push);
              }
              return isOver;
            });
      }
      left.values().removeIf(List::isEmpty);
    }
    return over;
  }

  /** By the clock, but never later than it was born to live: that may have been set back. */
  private boolean isOver(Push push, long now) {
    long life = push.deadline() - push.bornAt();
    return Math.max(now - push.deadline(), now - openedAt - life) >= 0;
  }

  /**
   * Takes over what is in another spool, which is closed then. Blocks until it is on disk here.
   *
   * @return how many pushes that were
   * @throws SpoolException when it cannot be kept here; then it stays there, and that is closed
   */
  public int adopt(SpoolStore other) throws SpoolException {
    List<KeptPush> pushes = new ArrayList<>();
    synchronized (other.left) {
      other.left.values().forEach(pushes::addAll);
    }
    boolean isGood = false;
    try {
      keepAll(pushes);
      isGood = true;
    } finally {
      if (!isGood) {
        for (KeptPush push : pushes) {
          Future<Void> unused = ended(push.push().id());
        }
        Future<Void> unused = other.close();
      }
    }
    synchronized (left) {
      for (KeptPush push : pushes) {
        left.computeIfAbsent(push.push().app(), first -> new ArrayList<>()).add(push);
        other.log.forget(push.push().id());
      }
      replayed += pushes.size();
    }
    Future<Void> unused = other.close();
    return pushes.size();
  }

  private void keepAll(List<KeptPush> pushes) throws SpoolException {
    List<Future<Void>> keeps = pushes.stream().map(this::keepLonger).toList();
    try {
      if (!keeps.isEmpty()) {
        CompositeFuture unused =
            Future.all(keeps).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new SpoolException("what another server has left cannot be kept: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SpoolException("it was interrupted", e);
    }
  }

  /** How many pushes are kept, or being kept. */
  public int size() {
    return kept.size();
  }

  /** What the spool takes on disk, in bytes. */
  public long bytes() {
    return log.bytes();
  }

  /** How many pushes could not be kept. */
  public long failures() {
    return failures.sum();
  }

  /** How many pushes a former process had left. */
  public int replayed() {
    return replayed;
  }

  /** How long the last push took until it was on disk, in nanoseconds; 0 when there was none. */
  public long lastNanos() {
    return lastNanos;
  }

  /** Why nothing can be kept now, in an operator's words; empty while all is well. */
  public String problem() {
    String problem = log.problem();
    return problem == null ? "" : problem;
  }

  /** Writes what is to be written, and gives the folder up. */
  public Future<Void> close() {
    log.forget(MARK);
    return log.close();
  }
}
