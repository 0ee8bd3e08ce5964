// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.pushserver.cluster.Departures.Fate;
import org.pushserver.dispatch.Fleet;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.Meanwhile;
import org.pushserver.queue.TakenUp;
import org.pushserver.wire.DamagedPushException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with what waited at servers that are not there any more, of which this one has the
 * copies. Any thread.
 */
final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

  /**
   * What this server has of a push that another had.
   *
   * @param isThere whether the other one is there, and has it itself
   * @param copy what to go on with; empty when there is none
   */
  record Found(boolean isThere, Optional<KeptPush> copy) {}

  private final Peers peers;
  private final Fleet fleet;
  private final KnownPushes known;
  private final Copies copies;
  private final RecentCancels cancels;
  private final ClusterCounts counts;
  private final Meanwhile meanwhile;

  /**
   * @param meanwhile knows what has happened here to what is taken up
   */
  Takeover(
      Nodes nodes,
      Peers peers,
      Fleet fleet,
      KnownPushes known,
      Copies copies,
      RecentCancels cancels,
      Meanwhile meanwhile,
      ClusterCounts counts) {
    this.peers = peers;
    this.fleet = fleet;
    this.known = known;
    this.copies = copies;
    this.cancels = cancels;
    this.counts = counts;
    this.meanwhile = meanwhile;
    nodes.answer(CopyBatch.NAME, this::take);
    peers.watch(this::changed);
  }

  /** Completes with how many copies there is no room for. */
  private Future<Buffer> take(Node origin, Buffer batch) {
    List<UUID> doubled = new ArrayList<>();
    int refused;
    try {
      refused = copies.take(origin, batch, known::isTakenUp, doubled::add, cancels::note);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Future.failedFuture(e);
    }
    if (!doubled.isEmpty()) {
      counts.countDoubled(doubled.size());
      LOG.warn(
          "server {} is back: {} pushes were ended by it and by this one,"
              + " and may have been sent twice",
          origin.name(),
          doubled.size());
    }
    return Future.succeededFuture(Buffer.buffer().appendInt(refused));
  }

  private void changed(Ownership ownership) {
    for (Node origin : copies.origins()) {
      if (!ownership.members().contains(origin)) {
        peers.fate(origin).onSuccess(fate -> goOn(origin, fate));
      }
    }
  }

  /**
   * Says which pushes of a server that asks this one goes on with. From then on it takes up nothing
   * more of it, as long as the other one is there.
   */
  List<UUID> takenUp(Node asks, List<UUID> ids) {
    // Somebody who is no member any more has lost his name.
    copies.origins().stream()
        .filter(origin -> origin.id().equals(asks.id()))
        .forEach(
            origin -> {
              peers.heard(origin);
              Future<Fate> fate = peers.fate(origin);
              if (fate.isComplete()) {
                goOn(origin, fate.result());
              }
            });
    copies.origins().stream()
        .filter(origin -> isFormer(origin, asks, ids))
        .forEach(origin -> goOn(origin, Fate.ENDED));
    synchronized (this) {
      return ids.stream().filter(id -> known.keep(id) || isCancelled(id)).toList();
    }
  }

  /**
   * Whether it is a ring that was cancelled while its server did not answer. Then no copy stays.
   */
  private boolean isCancelled(UUID id) {
    Copies.Copy copy = cancels.isEmpty() ? null : copies.get(id);
    try {
      return copy != null
          && cancels.isOverElsewhere(copy.push().push())
          && copies.claim(id) != null;
    } catch (DamagedPushException e) {
      return false;
    }
  }

  /**
   * Whether one was the process of the same server before: then it has ended, seen or not. While it
   * seems to be there the proof is that the other one asks for what waited there: it has its spool,
   * which is of one process at a time.
   */
  private boolean isFormer(Node origin, Node asks, List<UUID> ids) {
    return origin.name().equals(asks.name())
        && !origin.id().equals(asks.id())
        && (!peers.ownership().members().contains(origin) || copies.hasAny(origin, ids));
  }

  private synchronized void goOn(Node origin, Fate fate) {
    if (fate == Fate.BACK) {
      return;
    }
    List<Copies.Claimed> claimed = copies.claimAll(origin);
    if (claimed.isEmpty()) {
      return;
    }
    counts.countTakenOver(claimed.size(), fate == Fate.SILENT);
    LOG.warn(
        "{} pushes that waited at server {} are sent by this one", claimed.size(), origin.name());
    goOn(claimed);
  }

  private void goOn(List<Copies.Claimed> claimed) {
    Map<AppKey, List<TakenUp>> byApp = new LinkedHashMap<>();
    for (Copies.Claimed one : claimed) {
      Push push = one.push().push();
      Future<Optional<Outcome>> unused =
          known.takeUp(
              push.id(),
              () -> {
                TakenUpCaller caller = new TakenUpCaller(one.isAwaited());
                byApp
                    .computeIfAbsent(push.app(), first -> new ArrayList<>())
                    .add(new TakenUp(one.push(), caller));
                return caller.end();
              });
    }
    byApp.forEach(this::takeUp);
  }

  /** Whether this server has the copy of a push that waited at one which is not there any more. */
  boolean has(UUID id) {
    Copies.Copy copy = copies.get(id);
    return copy != null && !peers.ownership().members().contains(copy.origin());
  }

  /** Looks for what this server has of a push that was handed to another before. */
  Future<Found> find(Push push) {
    Copies.Copy copy = copies.get(push.id());
    return copy == null
        ? Future.succeededFuture(new Found(false, Optional.empty()))
        : peers
            .fate(copy.origin())
            .map(
                fate ->
                    fate == Fate.BACK
                        ? new Found(true, Optional.empty())
                        : new Found(false, claim(push.id(), fate)));
  }

  private Optional<KeptPush> claim(UUID id, Fate fate) {
    Optional<KeptPush> claimed = Optional.ofNullable(copies.claim(id));
    claimed.ifPresent(one -> counts.countTakenOver(1, fate == Fate.SILENT));
    return claimed;
  }

  /** One that another server may have got and sent, and of which there is no copy. */
  KeptPush withoutCopy(Push push) {
    counts.countTakenOver(1, true);
    return new KeptPush(push, 0, true);
  }

  /** Goes on with a push that another server had. */
  Future<Optional<Outcome>> goOn(KeptPush push, boolean isAwaited) {
    return known.takeUp(
        push.push().id(),
        () -> {
          TakenUpCaller caller = new TakenUpCaller(isAwaited);
          takeUp(push.push().app(), List.of(new TakenUp(push, caller)));
          return caller.end();
        });
  }

  private void takeUp(AppKey app, List<TakenUp> left) {
    fleet.takeUp(app, left, meanwhile);
  }
}
