// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.pushserver.push.Push;
import org.pushserver.queue.HandedOver;
import org.pushserver.queue.Offered;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.wire.PushBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands pushes over to other servers because this one ends: each to the one that its call belongs
 * to then, or, when that does not take it, to the next. Any thread.
 *
 * <p>What belongs to a call goes to nobody else when there is no room for it where the call belongs
 * to then: its cancel would not find it there.
 */
final class Farewell {
  /** What is asked by this name, over the event bus of the cluster: pushes, as copies are told. */
  static final String NAME = "hand over";

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

  private final Peers peers;
  private final Time time;
  private final CopyStore store;
  private final Set<UUID> taken = new HashSet<>();
  private final Set<UUID> unknown = new HashSet<>();

  /**
   * @param store is told what others have taken
   */
  Farewell(Peers peers, Time time, CopyStore store) {
    this.peers = peers;
    this.time = time;
    this.store = store;
  }

  /** Hands them over, once; as {@link org.pushserver.queue.PushStore#handOver}. */
  Future<HandedOver> of(List<Offered> waiting) {
    return offer(waiting, Set.of(peers.self())).map(done -> said());
  }

  private synchronized HandedOver said() {
    return new HandedOver(taken, unknown);
  }

  private Future<Void> offer(List<Offered> waiting, Set<Node> but) {
    Map<Node, List<Offered>> byNode = new LinkedHashMap<>();
    for (Offered one : waiting) {
      Node to = peers.ownership().first(Ownership.key(one.kept().push()), but);
      if (to != null) {
        byNode.computeIfAbsent(to, first -> new ArrayList<>()).add(one);
      }
    }
    List<Future<Void>> all = new ArrayList<>();
    byNode.forEach((node, some) -> all.add(offer(node, some, but)));
    return Future.join(all).mapEmpty();
  }

  private Future<Void> offer(Node node, List<Offered> some, Set<Node> but) {
    CopyBatch batch = new CopyBatch();
    long now = time.now();
    for (Offered one : some) {
      batch.add(one.kept().push().id(), one.isAwaited(), PushBytes.timed(one.kept(), now));
    }
    return peers
        .ask(node, NAME, batch.bytes(), PATIENCE)
        .map(OfferAnswer::read)
        .compose(
            answer -> heard(node, answer, some, but),
            cause -> {
              LOG.warn(
                  "server {} did not say whether it goes on with {} pushes: {}",
                  node.name(),
                  some.size(),
                  Reason.of(cause));
              doubt(some);
              return Future.succeededFuture();
            });
  }

  private Future<Void> heard(Node node, OfferAnswer answer, List<Offered> some, Set<Node> but) {
    Set<UUID> ids = new HashSet<>(answer.taken());
    store.disown(node, ids);
    synchronized (this) {
      taken.addAll(ids);
    }
    Set<UUID> full = new HashSet<>(answer.full());
    List<Offered> rest =
        some.stream()
            .filter(
                one -> {
                  Push push = one.kept().push();
                  boolean stays = full.contains(push.id()) && push.event().kind().isCall();
                  return !ids.contains(push.id()) && !stays;
                })
            .toList();
    if (rest.isEmpty()) {
      return Future.succeededFuture();
    }
    Set<Node> more = new HashSet<>(but);
    more.add(node);
    return offer(rest, more);
  }

  private synchronized void doubt(List<Offered> some) {
    some.forEach(one -> unknown.add(one.kept().push().id()));
  }
}
