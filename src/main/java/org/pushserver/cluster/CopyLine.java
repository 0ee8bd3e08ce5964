// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.pushserver.push.Push;
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

  /**
   * A cancel that is to be known there.
   *
   * @param known completes when it is, or is not waited for any more
   */
  record Note(Push cancel, Promise<Void> known) {
    void isOver() {
      known.tryComplete();
    }
  }

  /** What was told in one message. */
  private record Told(List<CopyStore.Entry> added, List<UUID> removed, List<Note> noted) {}

  private final Node node;
  private final Peers peers;
  private final Time time;
  private final ClusterCounts counts;
  private final CopyStore store;
  private final List<CopyStore.Entry> adds = new ArrayList<>();
  private final Set<UUID> removes = new LinkedHashSet<>();
  private final List<Note> notes = new ArrayList<>();
  private boolean isNew = true;
  private boolean isBusy;
  private boolean hasLeft;

  /** Whether the last message was not answered: then nobody waits for the next one. */
  private boolean isMute;

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

  /**
   * Lets it know of a cancel.
   *
   * @return completes when it knows it, or does not answer
   */
  Future<Void> cancel(Push cancel) {
    Note note = new Note(cancel, Promise.promise());
    if (isMute || hasLeft) {
      note.isOver();
    }
    notes.add(note);
    return note.known().future();
  }

  boolean hasLeft() {
    return hasLeft;
  }

  boolean isBusy() {
    return isBusy;
  }

  /** {@return the cancels that it will not know of} */
  List<Note> leaves() {
    hasLeft = true;
    adds.clear();
    List<Note> unheard = List.copyOf(notes);
    notes.clear();
    return unheard;
  }

  /**
   * Begins to tell what there is to tell.
   *
   * @param sendings takes what is to be done without the lock
   */
  void flush(List<Runnable> sendings) {
    if (isBusy || hasLeft || !hasAny()) {
      return;
    }
    CopyBatch batch = new CopyBatch();
    // What ended while this one was away, before all is told anew.
    List<UUID> removed = fill(batch);
    if (isNew) {
      batch.reset();
    }
    List<CopyStore.Entry> added = fillAdds(batch);
    List<Note> noted = fillNotes(batch);
    isBusy = true;
    sendings.add(() -> send(batch, new Told(added, removed, noted)));
  }

  private boolean hasAny() {
    return isNew || !adds.isEmpty() || !removes.isEmpty() || !notes.isEmpty();
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

  private List<Note> fillNotes(CopyBatch batch) {
    List<Note> noted = new ArrayList<>();
    long now = time.now();
    for (Note note : notes) {
      if (batch.length() > MOST) {
        break;
      }
      batch.cancelled(note.cancel().id(), PushBytes.timed(new KeptPush(note.cancel()), now));
      noted.add(note);
    }
    notes.subList(0, noted.size()).clear();
    return noted;
  }

  private void send(CopyBatch batch, Told told) {
    peers
        .ask(node, CopyBatch.NAME, batch.bytes(), PATIENCE)
        .onComplete(
            (answer, cause) -> {
              int added = told.added().size();
              if (cause == null) {
                counts.countCopies(added, answer.getInt(0));
                ended(true);
                told.noted().forEach(Note::isOver);
              } else {
                LOG.debug("server {} did not take copies: {}", node.name(), Reason.of(cause));
                counts.countCopies(added, added);
                failed(told).forEach(Note::isOver);
              }
              store.told(told.added());
            });
  }

  private void ended(boolean wasTold) {
    synchronized (store) {
      isBusy = false;
      isNew &= !wasTold;
      isMute &= !wasTold;
    }
    store.more();
  }

  /**
   * Tells it again, unless it has left: then others are told.
   *
   * @return the cancels that are not waited for any more
   */
  private List<Note> failed(Told told) {
    List<Note> unheard = new ArrayList<>(told.noted());
    synchronized (store) {
      isMute = true;
      removes.addAll(told.removed());
      unheard.addAll(notes);
      if (!hasLeft) {
        adds.addAll(0, told.added());
        notes.addAll(0, told.noted());
      }
    }
    peers.settled(node).onSuccess(settled -> ended(false));
    return unheard;
  }
}
