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

/** A store that keeps pushes when a test tells it to, or fails to. Any thread. */
public final class HandStore implements PushStore {
  private final List<Promise<Void>> open = new ArrayList<>();

  /** What has not ended, whether it is kept already or not. */
  private final Map<UUID, Push> held = new LinkedHashMap<>();

  private final List<Boolean> awaited = new ArrayList<>();
  private boolean isAtOnce;
  private Future<List<KeptPush>> left = Future.succeededFuture(List.of());

  @Override
  public synchronized Future<Void> keep(Push push, boolean isAwaited) {
    held.put(push.id(), push);
    awaited.add(isAwaited);
    if (isAtOnce) {
      return Future.succeededFuture();
    }
    Promise<Void> kept = Promise.promise();
    open.add(kept);
    return kept.future();
  }

  @Override
  public synchronized void ended(UUID id) {
    held.remove(id);
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

  /** How many are being kept. */
  public synchronized int open() {
    return open.size();
  }

  private synchronized Promise<Void> take(int which) {
    return open.remove(which % open.size());
  }

  /** Has one of those kept that are being kept. */
  public void keepOne(int which) {
    take(which).complete();
  }

  /** Fails to keep one of those that are being kept. */
  public void failOne(int which) {
    take(which).fail(new IOException("no space left"));
  }

  /** The call-ids of what has not ended, in the order in which it came. */
  public synchronized List<String> held() {
    return held.values().stream().map(Push::callId).toList();
  }

  /** Whether the caller waits, of all pushes so far. */
  public synchronized List<Boolean> awaited() {
    return List.copyOf(awaited);
  }
}
