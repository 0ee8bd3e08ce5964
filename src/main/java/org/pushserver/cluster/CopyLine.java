// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.wire.PushBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one other server is told of the pushes that wait here: one message at a time, in order.
 * Called under the lock of its store.
 */
final class CopyLine {
  private static final Logger LOG = LoggerFactory.getLogger(CopyLine.class);

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** A message is not much longer, in bytes. */
  private static final int MOST = 262_144;

  /** Of one that has gone, so many ends are remembered. */
  private static final int MOST_OWED = 100_000;

  private final Node node;
  private final Peers peers;
  private final Time time;
  private final ClusterCounts counts;
  private final CopyStore store;
  private final List<CopyStore.Entry> adds = new ArrayList<>();
  private final Set<UUID> removes = new LinkedHashSet<>();
  private boolean isNew = true;
  private boolean isBusy;
  private boolean hasLeft;

  /**
   * @param before how it was when the server left; null when it was never there
   */
  CopyLine(
      Node node, Peers peers, Time time, ClusterCounts counts, CopyStore store, CopyLine before) {
    this.node = node;
    this.peers = peers;
    this.time = time;
    this.counts = counts;
    this.store = store;
    if (before != null) {
      removes.addAll(before.removes);
    }
  }

  Node node() {
    return node;
  }

  void add(CopyStore.Entry entry) {
    adds.add(entry);
  }

  void remove(UUID id) {
    if (!hasLeft || removes.size() < MOST_OWED) {
      removes.add(id);
    }
  }

  boolean hasLeft() {
    return hasLeft;
  }

  boolean isBusy() {
    return isBusy;
  }

  void leaves() {
    hasLeft = true;
    adds.clear();
  }

  /**
   * Begins to tell what there is to tell.
   *
   * @param sendings takes what is to be done without the lock
   */
  void flush(List<Runnable> sendings) {
    if (isBusy || hasLeft || (adds.isEmpty() && removes.isEmpty() && !isNew)) {
      return;
    }
    CopyBatch batch = new CopyBatch();
    // What ended while this one was away, before all is told anew.
    List<UUID> removed = fill(batch);
    if (isNew) {
      batch.reset();
    }
    List<CopyStore.Entry> added = fillAdds(batch);
    isBusy = true;
    sendings.add(() -> send(batch, added, removed));
  }

  private List<UUID> fill(CopyBatch batch) {
    List<UUID> removed = new ArrayList<>();
    for (UUID id : removes) {
      if (batch.length() > MOST) {
        break;
      }
      batch.remove(id);
      removed.add(id);
    }
    removed.forEach(removes::remove);
    return removed;
  }

  private List<CopyStore.Entry> fillAdds(CopyBatch batch) {
    List<CopyStore.Entry> added = new ArrayList<>();
    long now = time.now();
    int seen = 0;
    while (seen < adds.size() && batch.length() <= MOST) {
      CopyStore.Entry entry = adds.get(seen);
      seen++;
      if (!entry.hasEnded && entry.holder == this) {
        byte[] bytes = PushBytes.timed(new KeptPush(entry.push), now);
        batch.add(entry.push.id(), entry.isAwaited, bytes);
        entry.isSent = true;
        added.add(entry);
      }
    }
    adds.subList(0, seen).clear();
    return added;
  }

  private void send(CopyBatch batch, List<CopyStore.Entry> added, List<UUID> removed) {
    peers
        .ask(node, CopyBatch.NAME, batch.bytes(), PATIENCE)
        .onComplete(
            (answer, cause) -> {
              if (cause == null) {
                counts.countCopies(added.size(), answer.getInt(0));
                ended(true);
              } else {
                LOG.debug("server {} did not take copies: {}", node.name(), Reason.of(cause));
                counts.countCopies(added.size(), added.size());
                failed(added, removed);
              }
              store.told(added);
            });
  }

  private void ended(boolean wasTold) {
    synchronized (store) {
      isBusy = false;
      isNew &= !wasTold;
    }
    store.more();
  }

  /** Tells it again, unless it has left: then others are told. */
  private void failed(List<CopyStore.Entry> added, List<UUID> removed) {
    synchronized (store) {
      removes.addAll(removed);
      if (!hasLeft) {
        adds.addAll(0, added);
      }
    }
    peers.settled(node).onSuccess(settled -> ended(false));
  }
}
