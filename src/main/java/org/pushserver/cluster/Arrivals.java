// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.pushserver.cluster.PushQuestion.Task;
import org.pushserver.cluster.PushReply.Kind;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.OwnAnswers;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.wire.DamagedPushException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What other servers hand to this one because it is its own. Any thread. */
final class Arrivals {
  private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

  /** The end of the equal one came first. */
  private static final Outcome LEFT = new Outcome(Result.ABANDONED, OwnAnswers.TAKEN_OVER, 0);

  private final Fleet fleet;
  private final Time time;
  private final KnownPushes known;

  /** By themselves: the same cancel may come once more, to be sent. */
  private final KnownPushes withdrawals;

  private final AnsweredCancels answered = new AnsweredCancels();

  private final Takeover takeover;
  private final RecentCancels cancels;
  private final RungCopies rung;
  private final BooleanSupplier isGoingOn;

  /**
   * @param takeover knows what this server has of others
   * @param cancels is told of those that come
   * @param rung knows whom others have rung
   * @param isGoingOn whether this server is known not to have stood still
   */
  Arrivals(
      Nodes nodes,
      Fleet fleet,
      Time time,
      KnownPushes known,
      Takeover takeover,
      RecentCancels cancels,
      RungCopies rung,
      BooleanSupplier isGoingOn) {
    this.fleet = fleet;
    this.time = time;
    this.withdrawals = new KnownPushes(time);
    this.known = known;
    this.takeover = takeover;
    this.cancels = cancels;
    this.rung = rung;
    this.isGoingOn = isGoingOn;
    nodes.answer(PushQuestion.NAME, this::push);
    nodes.answer(CallQuestion.NAME, (node, asked) -> answer(CallQuestion.read(asked)));
  }

  /** Cancels a call here: of the phones that this server has rung, or one that has gone. */
  Future<List<RungDevice>> cancel(CallCancel cancel) {
    cancels.note(cancel);
    List<RungDevice> byOthers = rung.cancel(cancel);
    return fleet
        .cancel(cancel)
        .map(own -> Stream.concat(own.stream(), byOthers.stream()).distinct().toList());
  }

  private Future<Buffer> answer(CallQuestion question) {
    return answered.once(question.id(), () -> cancel(question.cancel())).map(CallQuestion::bytes);
  }

  private Future<Buffer> push(Node from, Buffer asked) {
    PushQuestion question;
    try {
      question = PushQuestion.read(asked, time.now()).from(from);
    } catch (DamagedPushException | RuntimeException e) {
      LOG.error("what server {} asks cannot be understood: {}", from.name(), Reason.of(e));
      return Future.succeededFuture(PushReply.DECLINED.bytes());
    }
    return take(question).map(PushReply::bytes);
  }

  /** Does what is asked; does not fail. */
  Future<PushReply> take(PushQuestion question) {
    Push push = question.push();
    cancels.note(push);
    Future<Optional<Outcome>> before = known.get(push.id());
    if (question.task() == Task.HAS_EQUAL && (before != null || takeover.has(push.id()))) {
      return Future.succeededFuture(PushReply.of(true));
    }
    if (before != null && !isLeftHere(question)) {
      return before.map(this::reply);
    }
    if (fleet.application(push.app()).isEmpty()) {
      // Whoever sent a ring for a server that starts would not know of the equal one that it takes
      // a moment later.
      return Future.succeededFuture(
          question.isToBeSent() && fleet.isStarting() ? PushReply.LATER : PushReply.DECLINED);
    }
    if (fleet.isClosing() && RecentCancels.isCancel(push)) {
      // Some of its rings may be here still, others may have been handed over.
      fleet.endRings(push);
      return Future.succeededFuture(PushReply.DECLINED);
    }
    return switch (question.task()) {
      case DELIVER, ACCEPT -> enter(question);
      case WITHDRAW -> withdrawals.once(push.id(), () -> fleet.withdraw(push)).map(PushReply::of);
      case ANSWERED -> {
        fleet.answered(push);
        yield Future.succeededFuture(PushReply.of(true));
      }
      case LEFT -> fleet.left(push).map(PushReply::of);
      case HAS_EQUAL -> fleet.hasEqual(push).map(PushReply::of);
    };
  }

  /** Whether this server has to go on with one after all that another one had kept. */
  private boolean isLeftHere(PushQuestion question) {
    UUID id = question.push().id();
    return question.isRepeated() && known.isElsewhere(id) && takeover.has(id);
  }

  private Future<PushReply> enter(PushQuestion question) {
    Push push = question.push();
    if (fleet.isClosing()) {
      return shareHere(question);
    }
    if (!RecentCancels.isCancel(push) && !isGoingOn.getAsBoolean()) {
      // It may have been asked long ago, and another server may have it.
      return Future.succeededFuture(PushReply.LATER);
    }
    boolean isAwaited = question.task() == Task.DELIVER;
    if (question.isRepeated()) {
      return takeover.find(push).compose(found -> goOn(push, found, isAwaited));
    }
    return known.once(push.id(), () -> begin(push, isAwaited)).map(this::reply);
  }

  /**
   * When this server stops, what is with the push service stays here until that has answered: an
   * equal one that another server sent meanwhile would ring the phone twice.
   */
  private Future<PushReply> shareHere(PushQuestion question) {
    Push push = question.push();
    return fleet
        .hasEqual(push)
        .compose(
            has ->
                has
                    ? known
                        .once(push.id(), () -> share(push, question.task() == Task.DELIVER))
                        .map(this::reply)
                    : Future.succeededFuture(PushReply.DECLINED));
  }

  private Future<Optional<Outcome>> share(Push push, boolean isAwaited) {
    TakenUpCaller caller = new TakenUpCaller(isAwaited);
    return fleet
        .share(push, caller)
        .compose(shares -> shares ? caller.end() : Future.succeededFuture(Optional.of(LEFT)));
  }

  /** A ring that was told to come later, or had a longer way, may come after its cancel. */
  private Future<Optional<Outcome>> begin(Push push, boolean isAwaited) {
    if (cancels.isOver(push)) {
      return fleet.end(push, isAwaited);
    }
    return isAwaited ? fleet.deliver(push).map(Optional::of) : fleet.accept(push);
  }

  private Future<PushReply> goOn(Push push, Takeover.Found found, boolean isAwaited) {
    if (found.isThere()) {
      return Future.succeededFuture(PushReply.LATER);
    }
    return found
        .copy()
        .map(Future::succeededFuture)
        .orElseGet(() -> withoutCopy(push))
        .compose(kept -> takeover.goOn(kept, isAwaited))
        .map(this::reply);
  }

  /** One that shares the end of another, which is here already, never had a copy of its own. */
  private Future<KeptPush> withoutCopy(Push push) {
    return fleet
        .hasEqual(push)
        .map(has -> has ? new KeptPush(push, 0, true) : takeover.withoutCopy(push));
  }

  private PushReply reply(Optional<Outcome> end) {
    return isLeft(fleet, end) ? new PushReply(Kind.LEFT, end.orElseThrow()) : PushReply.of(end);
  }

  /** Whether a push was left because this server ends, or another one goes on with it. */
  static boolean isLeft(Fleet fleet, Optional<Outcome> end) {
    return end.filter(
            outcome ->
                outcome.response().equals(OwnAnswers.TAKEN_OVER)
                    || (fleet.isClosing()
                        && (outcome.result() == Result.ABANDONED
                            || outcome.result() == Result.OVERLOADED)))
        .isPresent();
  }
}
