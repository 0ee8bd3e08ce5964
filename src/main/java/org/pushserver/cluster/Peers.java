// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pushserver.cluster.Departures.Fate;
import org.pushserver.spi.Time;

/**
 * The other servers, for who hands pushes to them: whose a call is, and questions that end when the
 * one that is asked leaves, however long its answer might have been waited for. Any thread.
 */
final class Peers {
  /** Before one is asked again that is there, and could not be asked. */
  private static final long PAUSE_MS = 200;

  /** For so long it is looked for where it was before servers came or went. */
  private static final long FORMER_MS = 65_000;

  /** A server that stood still sees others leave that are there, and has them back within this. */
  private static final long LATELY_MS = 10_000;

  /** Whose which call was, until the monotonic clock said so many milliseconds. */
  private record Former(Ownership ownership, long endedAt) {}

  private final Nodes nodes;
  private final Time time;
  private final Departures departures;
  private final Map<Node, Set<Promise<Buffer>>> asked = new ConcurrentHashMap<>();
  private final List<Consumer<Ownership>> watchers = new CopyOnWriteArrayList<>();
  private volatile Ownership ownership;
  private volatile List<Former> formers = List.of();

  Peers(Nodes nodes, Time time, SignOfLife life) {
    this.nodes = nodes;
    this.time = time;
    List<Node> members = nodes.members();
    this.ownership = new Ownership(members);
    this.departures = new Departures(time, life, members);
    List<Node> others = members.stream().filter(node -> !node.equals(nodes.self())).toList();
    if (!others.isEmpty()) {
      // What this server is to have from now on is still with them.
      noteFormer(new Ownership(others));
    }
    nodes.watch(this::changed);
    // Who came meanwhile.
    changed(nodes.members());
  }

  /** This server. */
  Node self() {
    return nodes.self();
  }

  /** Whose which call is now. */
  Ownership ownership() {
    return ownership;
  }

  /**
   * Says what is told when servers have come or gone, on one event loop.
   *
   * @param watcher must not block
   */
  void watch(Consumer<Ownership> watcher) {
    watchers.add(watcher);
  }

  private void noteFormer(Ownership former) {
    long now = time.millis();
    List<Former> all =
        formers.stream()
            .filter(one -> now - one.endedAt() <= FORMER_MS)
            .collect(Collectors.toCollection(ArrayList::new));
    all.add(new Former(former, now));
    formers = List.copyOf(all);
  }

  private synchronized void changed(List<Node> members) {
    if (members.equals(ownership.members())) {
      return;
    }
    noteFormer(ownership);
    ownership = new Ownership(members);
    departures.changed(members);
    for (Node node : List.copyOf(asked.keySet())) {
      if (!members.contains(node)) {
        Set<Promise<Buffer>> vain = asked.remove(node);
        if (vain != null) {
          new ArrayList<>(vain).forEach(one -> one.tryFail(node.name() + " has left"));
        }
      }
    }
    watchers.forEach(watcher -> watcher.accept(ownership));
  }

  /** What has become of a server that left; see {@link Departures#of}. */
  Future<Fate> fate(Node node) {
    return departures.of(node);
  }

  /** Notes that a server which may have left has said something. */
  void heard(Node node) {
    departures.heard(node);
  }

  /** The other members, and who was one a moment ago. */
  Set<Node> lately() {
    Set<Node> all = new LinkedHashSet<>(ownership.members());
    long now = time.millis();
    formers.stream()
        .filter(former -> now - former.endedAt() <= LATELY_MS)
        .forEach(former -> all.addAll(former.ownership().members()));
    all.remove(self());
    return all;
  }

  /**
   * The other servers that are there and had a call a while ago, or have what one of these had that
   * is not there any more; mostly none.
   */
  Set<Node> formerOwners(long key) {
    if (formers.isEmpty()) {
      return Set.of();
    }
    Ownership now = ownership;
    Set<Node> owners = new LinkedHashSet<>();
    long millis = time.millis();
    formers.stream()
        .filter(former -> millis - former.endedAt() <= FORMER_MS)
        .forEach(former -> owners.addAll(former.ownership().firstOf(key, now.members())));
    owners.remove(now.owner(key));
    return owners;
  }

  /** Whether a call is another server's, or was a while ago. */
  boolean isOrWasOfOthers(long key) {
    long millis = time.millis();
    return isOthers(ownership, key)
        || formers.stream()
            .filter(former -> millis - former.endedAt() <= FORMER_MS)
            .anyMatch(former -> isOthers(former.ownership(), key));
  }

  private boolean isOthers(Ownership whose, long key) {
    return !whose.owner(key).equals(self());
  }

  /**
   * Waits until it makes sense to ask again after a server could not be asked: it has left, and
   * others may send what it had, or is there.
   *
   * @return does not fail
   */
  Future<Void> settled(Node node) {
    return departures.of(node).compose(fate -> fate == Fate.BACK ? pause() : done());
  }

  /** Waits a moment. */
  Future<Void> pause() {
    return after(PAUSE_MS);
  }

  /** Waits. */
  Future<Void> after(long ms) {
    Promise<Void> over = Promise.promise();
    time.timer(ms, over::complete);
    return over.future();
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  /** Asks one, as {@link Nodes#ask}; fails at once when it leaves. */
  Future<Buffer> ask(Node node, String what, Buffer body, Duration patience) {
    Promise<Buffer> answer = Promise.promise();
    Set<Promise<Buffer>> all = asked.computeIfAbsent(node, first -> ConcurrentHashMap.newKeySet());
    all.add(answer);
    if (!ownership.members().contains(node)) {
      answer.tryFail(node.name() + " has left");
    } else {
      nodes.ask(node, what, body, patience).onComplete(answer::tryComplete, answer::tryFail);
    }
    return answer.future().onComplete(done -> all.remove(answer));
  }
}
