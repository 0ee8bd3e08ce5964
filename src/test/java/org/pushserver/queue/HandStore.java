// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;

/**
 * A store that keeps pushes, and forgets them, when a test tells it to, or fails to. Of pushes
 * whose callers wait it keeps none at first, as long as it has no patience. Any thread.
 */
public final class HandStore implements PushStore {
  private record Open(UUID id, boolean forgets, Promise<Void> done) {}

  private final List<Open> open = new ArrayList<>();

  /** What has not ended, whether it is kept already or not. */
  private final Map<UUID, Push> held = new LinkedHashMap<>();

  /** What is on the disk, with how it stands with it. */
  private final Map<UUID, KeptPush> kept = new LinkedHashMap<>();

  private final List<Boolean> awaited = new ArrayList<>();
  private final long patienceMs;
  private boolean isAtOnce;
  private boolean isBroken;
  private boolean isLasting;
  private boolean forgetsByHand;
  private Future<List<KeptPush>> left = Future.succeededFuture(List.of());

  public HandStore() {
    this(0);
  }

  /**
   * @param patienceMs after how long it keeps a push whose caller waits; 0 to keep it at once,
   *     without being waited for
   */
  public HandStore(long patienceMs) {
    this.patienceMs = patienceMs;
  }

  @Override
  public synchronized Future<Void> keep(Push push, boolean isAwaited) {
    awaited.add(isAwaited);
    return isAwaited ? Future.succeededFuture() : put(new KeptPush(push));
  }

  @Override
  public long patienceMs() {
    return patienceMs;
  }

  @Override
  public synchronized Future<Void> keepLonger(KeptPush push) {
    return put(push);
  }

  private Future<Void> put(KeptPush push) {
    UUID id = push.push().id();
    if (isBroken) {
      return Future.failedFuture(new IOException("no space left"));
    }
    held.put(id, push.push());
    if (isAtOnce) {
      kept.put(id, push);
      return Future.succeededFuture();
    }
    Promise<Void> done = Promise.promise();
    open.add(new Open(id, false, done));
    return done.future().onSuccess(kept -> put(id, push));
  }

  private synchronized void put(UUID id, KeptPush push) {
    if (held.containsKey(id)) {
      kept.put(id, push);
    }
  }

  @Override
  public synchronized void changed(UUID id, int attempts, boolean mayHaveArrived) {
    kept.computeIfPresent(id, (same, push) -> new KeptPush(push.push(), attempts, mayHaveArrived));
  }

  @Override
  public synchronized Future<Void> ended(UUID id) {
    held.remove(id);
    if (!forgetsByHand || !kept.containsKey(id)) {
      kept.remove(id);
      return Future.succeededFuture();
    }
    Promise<Void> done = Promise.promise();
    open.add(new Open(id, true, done));
    return done.future();
  }

  @Override
  public synchronized boolean isLasting() {
    return isLasting;
  }

  @Override
  public synchronized Future<List<KeptPush>> left(AppKey application) {
    return left;
  }

  /** What {@link #left} is to give. */
  public synchronized void leave(Future<List<KeptPush>> pushes) {
    left = pushes;
  }

  /** Keeps all from now on without being told. */
  public synchronized void atOnce() {
    isAtOnce = true;
  }

  /** Is known to keep nothing from now on, or to keep again. */
  public synchronized void isBroken(boolean broken) {
    isBroken = broken;
  }

  /** Gives what it keeps to the next process. */
  public synchronized void lasts() {
    isLasting = true;
  }

  /** Forgets only when it is told to, and does all in the order in which it was said. */
  public synchronized void forgetByHand() {
    forgetsByHand = true;
  }

  /** How many are being kept, or forgotten. */
  public synchronized int open() {
    return open.size();
  }

  private synchronized Open take(int which) {
    return open.remove(forgetsByHand ? 0 : which % open.size());
  }

  /** Has one of those kept, or forgotten, that are being so. */
  public void keepOne(int which) {
    Open one = take(which);
    if (one.forgets()) {
      synchronized (this) {
        kept.remove(one.id());
      }
    }
    one.done().complete();
  }

  /** Fails to keep one of those that are being kept; one that is being forgotten is forgotten. */
  public void failOne(int which) {
    Open one = take(which);
    if (one.forgets()) {
      synchronized (this) {
        kept.remove(one.id());
      }
      one.done().complete();
    } else {
      one.done().fail(new IOException("no space left"));
    }
  }

  /** Forgets all that another process would find: the test has seen it. */
  public synchronized void forgetAll() {
    held.clear();
    kept.clear();
  }

  /** The call-ids of what has not ended, in the order in which it came. */
  public synchronized List<String> held() {
    return held.values().stream().map(Push::callId).toList();
  }

  /** What another process would find. */
  public synchronized List<KeptPush> kept() {
    return List.copyOf(kept.values());
  }

  /** Whether another process would find one. */
  public synchronized boolean isKept(UUID id) {
    return kept.containsKey(id);
  }

  /** Whether the caller waits, of all pushes so far. */
  public synchronized List<Boolean> awaited() {
    return List.copyOf(awaited);
  }
}
