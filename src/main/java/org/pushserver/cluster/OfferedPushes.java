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
    List<UUID> wanted = new ArrayList<>();
    Map<AppKey, List<TakenUp>> byApp = new LinkedHashMap<>();
    try {
      for (Copies.Copy copy : Copies.read(from, offered, time.now())) {
        KeptPush kept = copy.exactly();
        if (!fleet.isClosing() && fleet.application(kept.push().app()).isPresent()) {
          wanted.add(kept.push().id());
          note(kept, copy.isAwaited(), byApp);
        }
      }
    } catch (DamagedPushException | RuntimeException e) {
      return Future.failedFuture(e);
    }
    List<Future<List<TakenUp>>> asked = new ArrayList<>();
    byApp.forEach((app, some) -> asked.add(fleet.takeUpIfRoom(app, some, meanwhile)));
    return Future.join(asked)
        .map(
            done -> {
              List<UUID> full = new ArrayList<>();
              asked.forEach(one -> one.result().forEach(left -> full.add(leave(left))));
              wanted.removeAll(full);
              return answer(from, new OfferAnswer(wanted, full));
            });
  }

  /** What is here already is not taken once more. */
  private void note(KeptPush kept, boolean isAwaited, Map<AppKey, List<TakenUp>> byApp) {
    Push push = kept.push();
    Future<Optional<Outcome>> unused =
        known.takeUp(
            push.id(),
            () -> {
              TakenUpCaller caller = new TakenUpCaller(isAwaited);
              byApp
                  .computeIfAbsent(push.app(), first -> new ArrayList<>())
                  .add(new TakenUp(kept, caller));
              return caller.end();
            });
  }

  /** Who asks for it here is to ask elsewhere. */
  private UUID leave(TakenUp untaken) {
    UUID id = untaken.kept().push().id();
    known.refuse(id);
    untaken.caller().ended(new Outcome(Result.ABANDONED, OwnAnswers.TAKEN_OVER, 0));
    return id;
  }

  private Buffer answer(Node from, OfferAnswer answer) {
    answer.taken().forEach(copies::drop);
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
