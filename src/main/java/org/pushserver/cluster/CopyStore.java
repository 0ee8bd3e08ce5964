// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.queue.HandedOver;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.Offered;
import org.pushserver.queue.PushStore;
import org.pushserver.spi.Time;

/**
 * Lets another server have a copy, in memory, of each push that waits here for longer than a
 * moment: the one that its call belongs to when this one is not there. Any thread.
 *
 * <p>Who does not wait for the end of a push is told that it is accepted when its copy has arrived;
 * or when there is no other server, or it does not answer: then it is here alone.
 */
final class CopyStore implements PushStore {
  /** What ends within this time is never copied. */
  static final long TICK_MS = 5;

  /** So many that have gone are remembered. */
  private static final int REMEMBERED = 16;

  private static final long CLOSE_MS = 2_000;

  private static final Future<Void> DONE = Future.succeededFuture();

  /** A push that waits here. */
  static final class Entry {
    final Push push;
    final boolean isAwaited;
    final Promise<Void> kept = Promise.promise();

    /** Who has its copy, or is to get it; null for nobody. */
    CopyLine holder;

    /** Who had it before, until the next one has it; null for nobody. */
    CopyLine former;

    boolean isSent;
    boolean hasEnded;

    Entry(Push push, boolean isAwaited) {
      this.push = push;
      this.isAwaited = isAwaited;
    }
  }

  private final Peers peers;
  private final Time time;
  private final ClusterCounts counts;
  private final Map<UUID, Entry> waiting = new LinkedHashMap<>();
  private final Map<Node, CopyLine> lines = new HashMap<>();

  /** Those that went while this server had told them of pushes: what has ended since. */
  private final Map<Node, CopyLine> away =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Node, CopyLine> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Says whether what waits here is known to be this server's own. */
  private volatile BooleanSupplier own = () -> true;

  private List<Entry> fresh = new ArrayList<>();
  private boolean isTicking;

  CopyStore(Peers peers, Time time, ClusterCounts counts) {
    this.peers = peers;
    this.time = time;
    this.counts = counts;
    peers.watch(this::changed);
  }

  @Override
  public Future<Void> keep(Push push, boolean isAwaited) {
    Entry entry = new Entry(push, isAwaited);
    synchronized (this) {
      waiting.put(push.id(), entry);
      if (isAlone()) {
        entry.kept.complete();
        return DONE;
      }
      fresh.add(entry);
      tickSoon();
    }
    return isAwaited ? DONE : entry.kept.future();
  }

  /** It has its copy, or gets it, as all have. */
  @Override
  public synchronized Future<Void> keepLonger(KeptPush push) {
    Entry entry = waiting.get(push.push().id());
    return entry == null ? DONE : entry.kept.future();
  }

  /** Told to the server that would go on with its rings, in order with their copies. */
  @Override
  public Future<Void> cancels(Push cancel) {
    if (cancel.callId().isEmpty()) {
      return DONE;
    }
    synchronized (this) {
      Node node = peers.ownership().ownerWithout(peers.self(), Ownership.key(cancel));
      if (node == null) {
        return DONE;
      }
      tickSoon();
      return lines.computeIfAbsent(node, this::line).cancel(cancel);
    }
  }

  /** What has a copy is taken up by who has it. */
  @Override
  public boolean isLasting() {
    return !isAlone();
  }

  @Override
  public boolean isOwn() {
    return own.getAsBoolean();
  }

  /** Says what tells whether what waits here is known to be this server's own. */
  void own(BooleanSupplier isOwn) {
    own = isOwn;
  }

  @Override
  public Future<Set<UUID>> elsewhere(List<UUID> left) {
    return Standstill.elsewhere(peers, left);
  }

  @Override
  public boolean mayHandOver() {
    return !isAlone();
  }

  @Override
  public Future<HandedOver> handOver(List<Offered> offered) {
    return new Farewell(peers, time, this).of(offered);
  }

  private boolean isAlone() {
    return peers.ownership().members().size() == 1;
  }

  @Override
  public Future<Void> ended(UUID id) {
    Entry entry;
    synchronized (this) {
      entry = waiting.remove(id);
      if (entry == null) {
        return DONE;
      }
      entry.hasEnded = true;
      forget(entry.holder, entry);
      forget(entry.former, entry);
    }
    entry.kept.tryComplete();
    // Its caller is not to wait for another server: who dies in the next milliseconds may double.
    return DONE;
  }

  /**
   * Forgets what another server goes on with. It is not told that these have ended here; who else
   * has a copy is.
   */
  void disown(Node by, Collection<UUID> ids) {
    List<Entry> gone = new ArrayList<>();
    synchronized (this) {
      for (UUID id : ids) {
        Entry entry = waiting.remove(id);
        if (entry != null) {
          entry.hasEnded = true;
          forget(not(by, entry.holder), entry);
          forget(not(by, entry.former), entry);
          gone.add(entry);
        }
      }
    }
    gone.forEach(entry -> entry.kept.tryComplete());
  }

  private static CopyLine not(Node node, CopyLine line) {
    return line == null || line.node().equals(node) ? null : line;
  }

  private void forget(CopyLine line, Entry entry) {
    if (line != null && (entry.isSent || line != entry.holder)) {
      line.remove(entry.push.id());
      tickSoon();
    }
  }

  @Override
  public Future<List<KeptPush>> left(AppKey application) {
    return Future.succeededFuture(List.of());
  }

  /** The ids of all that wait here. */
  synchronized List<UUID> ids() {
    return List.copyOf(waiting.keySet());
  }

  /** How many wait here. */
  synchronized int size() {
    return waiting.size();
  }

  private void tickSoon() {
    if (!isTicking) {
      isTicking = true;
      time.timer(TICK_MS, this::tick);
    }
  }

  private void tick() {
    List<Runnable> sendings = new ArrayList<>();
    List<Entry> alone = new ArrayList<>();
    synchronized (this) {
      isTicking = false;
      Ownership ownership = peers.ownership();
      for (Entry entry : fresh) {
        if (!entry.hasEnded) {
          assign(entry, ownership, alone);
        }
      }
      fresh = new ArrayList<>();
      lines.values().forEach(line -> line.flush(sendings));
    }
    alone.forEach(entry -> entry.kept.tryComplete());
    sendings.forEach(Runnable::run);
  }

  private void assign(Entry entry, Ownership ownership, List<Entry> alone) {
    Node node = ownership.ownerWithout(peers.self(), Ownership.key(entry.push));
    if (node == null) {
      alone.add(entry);
    } else {
      entry.holder = lines.computeIfAbsent(node, this::line);
      entry.isSent = false;
      entry.holder.add(entry);
    }
  }

  private CopyLine line(Node node) {
    return new CopyLine(node, peers, time, counts, this, away.remove(node));
  }

  /** What is there in time, or was not taken, is no longer waited for. */
  void told(List<Entry> entries) {
    synchronized (this) {
      for (Entry entry : entries) {
        if (entry.former != null && !entry.former.hasLeft()) {
          entry.former.remove(entry.push.id());
          entry.former = null;
          tickSoon();
        }
      }
    }
    entries.forEach(entry -> entry.kept.tryComplete());
  }

  /** Something more is to be told. */
  synchronized void more() {
    tickSoon();
  }

  private void changed(Ownership ownership) {
    List<CopyLine.Note> unheard = new ArrayList<>();
    synchronized (this) {
      for (CopyLine line : List.copyOf(lines.values())) {
        if (!ownership.members().contains(line.node())) {
          lines.remove(line.node());
          unheard.addAll(line.leaves());
          away.put(line.node(), line);
        }
      }
      for (Node back : ownership.members()) {
        // It has to know at once what has ended meanwhile.
        if (away.containsKey(back)) {
          lines.put(back, line(back));
        }
      }
      for (Entry entry : waiting.values()) {
        Node next = ownership.ownerWithout(peers.self(), Ownership.key(entry.push));
        if (entry.holder == null || !entry.holder.node().equals(next)) {
          if (entry.holder != null && entry.isSent) {
            if (entry.former != null) {
              entry.former.remove(entry.push.id());
            }
            entry.former = entry.holder;
          }
          entry.holder = null;
          fresh.add(entry);
        }
      }
      tickSoon();
    }
    unheard.forEach(CopyLine.Note::isOver);
  }

  /** Completes when all was told that there is to tell; within a few seconds, and does not fail. */
  Future<Void> close() {
    Promise<Void> over = Promise.promise();
    time.timer(CLOSE_MS, over::tryComplete);
    look(over);
    return over.future();
  }

  private void look(Promise<Void> over) {
    boolean isBusy;
    synchronized (this) {
      isBusy = isTicking || lines.values().stream().anyMatch(CopyLine::isBusy);
    }
    if (!isBusy) {
      over.tryComplete();
    } else if (!over.future().isComplete()) {
      time.timer(TICK_MS, () -> look(over));
    }
  }
}
