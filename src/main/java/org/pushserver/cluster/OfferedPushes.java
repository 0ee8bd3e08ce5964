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
import java.util.function.BooleanSupplier;
import org.pushserver.dispatch.Fleet;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.Meanwhile;
import org.pushserver.queue.OwnAnswers;
import org.pushserver.queue.TakenUp;
import org.pushserver.spi.Time;
import org.pushserver.wire.DamagedPushException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what a server that stops offers to this one, as far as there is room. What there is no
 * room for stays with the server that offers it. Any thread.
 */
final class OfferedPushes {
  private static final Logger LOG = LoggerFactory.getLogger(OfferedPushes.class);

  private final Fleet fleet;
  private final KnownPushes known;
  private final Copies copies;
  private final Meanwhile meanwhile;
  private final ClusterCounts counts;
  private final Time time;
  private final BooleanSupplier isGoingOn;

  /**
   * @param meanwhile knows what has happened here to what is taken up
   * @param isGoingOn whether this server is known not to have stood still
   */
  OfferedPushes(
      Fleet fleet,
      KnownPushes known,
      Copies copies,
      Meanwhile meanwhile,
      ClusterCounts counts,
      Time time,
      BooleanSupplier isGoingOn) {
    this.fleet = fleet;
    this.known = known;
    this.copies = copies;
    this.meanwhile = meanwhile;
    this.counts = counts;
    this.time = time;
    this.isGoingOn = isGoingOn;
  }

  /**
   * Takes what there is room for.
   *
   * @return completes with an {@link OfferAnswer}; fails when it cannot be said what is taken
   */
  Future<Buffer> take(Node from, Buffer offered) {
    if (!isGoingOn.getAsBoolean()) {
      return Future.failedFuture("this server has stood still");
    }
    List<Offer> wanted = new ArrayList<>();
    try {
      for (Copies.Copy copy : Copies.read(from, offered, time.now())) {
        KeptPush kept = copy.exactly();
        if (!fleet.isClosing() && fleet.application(kept.push().app()).isPresent()) {
          wanted.add(new Offer(kept, copy.isAwaited()));
        }
      }
    } catch (DamagedPushException | RuntimeException e) {
      return Future.failedFuture(e);
    }
    // Nothing is noted before all can be read.
    Map<AppKey, List<TakenUp>> byApp = new LinkedHashMap<>();
    wanted.forEach(one -> note(one, byApp));
    List<Future<List<UUID>>> asked = new ArrayList<>();
    byApp.forEach((app, some) -> asked.add(take(app, some)));
    return Future.join(asked)
        .map(
            done -> {
              List<UUID> taken = new ArrayList<>();
              wanted.forEach(one -> taken.add(one.kept().push().id()));
              List<UUID> full = new ArrayList<>();
              asked.forEach(one -> full.addAll(one.result()));
              taken.removeAll(full);
              return answer(from, new OfferAnswer(taken, full));
            });
  }

  private record Offer(KeptPush kept, boolean isAwaited) {}

  /** Completes with those for which there is no room. */
  private Future<List<UUID>> take(AppKey app, List<TakenUp> some) {
    return fleet
        .takeUpIfRoom(app, some, meanwhile)
        .map(
            untaken -> {
              List<UUID> full = new ArrayList<>();
              untaken.forEach(one -> leave(app, one, full));
              return full;
            });
  }

  /** What is here already is not taken once more. */
  private void note(Offer offer, Map<AppKey, List<TakenUp>> byApp) {
    Push push = offer.kept().push();
    Future<Optional<Outcome>> unused =
        known.offered(
            push.id(),
            () -> {
              TakenUpCaller caller = new TakenUpCaller(offer.isAwaited());
              byApp
                  .computeIfAbsent(push.app(), first -> new ArrayList<>())
                  .add(new TakenUp(offer.kept(), caller));
              return caller.end();
            });
  }

  /**
   * Who asks for it here is to ask elsewhere; unless whoever offered it has gone meanwhile, or has
   * been told that it is here.
   */
  private void leave(AppKey app, TakenUp untaken, List<UUID> full) {
    KeptPush kept = untaken.kept();
    UUID id = kept.push().id();
    if (known.refuse(id)) {
      untaken.caller().ended(new Outcome(Result.ABANDONED, OwnAnswers.TAKEN_OVER, 0));
      full.add(id);
    } else {
      KeptPush doubtful = new KeptPush(kept.push(), kept.attempts(), true);
      fleet.takeUp(app, List.of(new TakenUp(doubtful, untaken.caller())), meanwhile);
    }
  }

  private Buffer answer(Node from, OfferAnswer answer) {
    for (UUID id : answer.taken()) {
      // No copy comes any more that would not be dropped.
      boolean unused = known.keep(id);
      copies.drop(id);
    }
    if (!answer.taken().isEmpty()) {
      counts.countTakenOver(answer.taken().size(), false);
      LOG.info(
          "{} pushes that server {} hands over are sent by this one",
          answer.taken().size(),
          from.name());
    }
    if (!answer.full().isEmpty()) {
      LOG.warn(
          "there is no room for {} pushes that server {} would hand over",
          answer.full().size(),
          from.name());
    }
    return answer.bytes();
  }
}
