// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.pushserver.cluster.PushQuestion.Task;
import org.pushserver.cluster.PushReply.Kind;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes each push to the server of the cluster that its call belongs to, so that ring, cancel and
 * repetition meet there, whichever server each of them comes in by. When that one does not take it,
 * or has gone, the next one is asked, with the same push. What belongs to this server goes to its
 * own applications, and nothing is copied.
 */
final class ClusterDispatcher implements Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterDispatcher.class);

  /** Who has a push says what became of it soon after its deadline. */
  private static final long LATE_MS = 2_000;

  /**
   * For so long it is awaited what has become of a server that did not answer. Then the next one is
   * asked: who serves, and is cut off, may never have got the push, and may be cut off for longer
   * than a call lasts.
   */
  private static final long DOUBT_MS = 2_000;

  private final Vertx vertx;
  private final Fleet fleet;
  private final Peers peers;
  private final Arrivals arrivals;
  private final RecentCancels cancels;
  private final FormerOwners formerOwners;
  private final Time time;
  private final ClusterCounts counts;
  private final AwaitedAnswers awaited;
  private final DeafServers deaf;

  /**
   * @param awaited is told of what others are asked for those who wait here
   */
  ClusterDispatcher(
      Vertx vertx,
      Fleet fleet,
      Peers peers,
      Arrivals arrivals,
      RecentCancels cancels,
      Time time,
      ClusterCounts counts,
      AwaitedAnswers awaited) {
    this.vertx = vertx;
    this.fleet = fleet;
    this.peers = peers;
    this.arrivals = arrivals;
    this.cancels = cancels;
    this.formerOwners = new FormerOwners(peers, fleet, arrivals, time);
    this.time = time;
    this.counts = counts;
    this.awaited = awaited;
    this.deaf = new DeafServers(time);
  }

  @Override
  public Future<Outcome> deliver(Push push) {
    cancels.note(push);
    return take(push, Task.DELIVER).map(Optional::orElseThrow);
  }

  private Future<Optional<Outcome>> take(Push push, Task task) {
    if (push.callId().isEmpty() || !formerOwners.hasAny(Ownership.key(push))) {
      return takeNow(push, task);
    }
    return RecentCancels.isCancel(push)
        ? here(formerOwners.withdraw(push)).compose(withdrawn -> takeNow(push, task))
        : here(formerOwners.withEqual(push))
            .compose(node -> node.isEmpty() ? takeNow(push, task) : join(push, task, node.get()));
  }

  private Future<Optional<Outcome>> takeNow(Push push, Task task) {
    if (cancels.isOver(push) && fleet.application(push.app()).isPresent()) {
      // While it was looked for where it was before.
      return here(fleet.end(push, task == Task.DELIVER));
    }
    return isOwn(push) ? own(push, task) : hand(push, task);
  }

  private Future<Optional<Outcome>> own(Push push, Task task) {
    return goOnElsewhere(
        push,
        task,
        task == Task.DELIVER ? fleet.deliver(push).map(Optional::of) : fleet.accept(push));
  }

  /** Its call has moved, and what it repeats is still where that was before. */
  private Future<Optional<Outcome>> join(Push push, Task task, Node former) {
    if (former.equals(peers.self())) {
      return own(push, task);
    }
    counts.countForwarded();
    PushQuestion question = new PushQuestion(task, push, false);
    return awaited.await(here(ask(question, former, Set.of()).map(PushReply::end)));
  }

  @Override
  public Future<Optional<Outcome>> accept(Push push) {
    cancels.note(push);
    return take(push, Task.ACCEPT);
  }

  @Override
  public Future<Optional<Outcome>> withdraw(Push cancel) {
    cancels.note(cancel);
    Future<Optional<Outcome>> end = withdrawNow(cancel);
    return formerOwners.hasAny(Ownership.key(cancel))
        ? here(
            end.compose(
                withdrawn ->
                    withdrawn.isPresent()
                        ? Future.succeededFuture(withdrawn)
                        : formerOwners.withdraw(cancel)))
        : end;
  }

  private Future<Optional<Outcome>> withdrawNow(Push cancel) {
    return isOwn(cancel) && !fleet.isClosing()
        ? fleet.withdraw(cancel)
        : hand(cancel, Task.WITHDRAW)
            .map(end -> end.filter(outcome -> outcome.result() == Result.SUPERSEDED));
  }

  @Override
  public Future<List<RungDevice>> cancel(CallCancel cancel) {
    long key = Ownership.key(cancel.callId());
    Future<List<RungDevice>> rung = cancel(cancel, key, Set.of());
    if (!formerOwners.hasAny(key)) {
      return rung;
    }
    Future<List<RungDevice>> rungBefore = formerOwners.cancel(cancel);
    return here(
        Future.join(rung, rungBefore)
            .map(
                said ->
                    Stream.concat(rung.result().stream(), rungBefore.result().stream())
                        .distinct()
                        .toList()));
  }

  /**
   * @param but those that do not answer
   */
  private Future<List<RungDevice>> cancel(CallCancel cancel, long key, Set<Node> but) {
    Node to = peers.ownership().first(key, but);
    Future<List<RungDevice>> rung = formerOwners.cancelAt(to == null ? peers.self() : to, cancel);
    return to == null || to.equals(peers.self())
        ? rung
        : here(rung.recover(cause -> cancelAgain(cancel, key, but, to, cause)));
  }

  /**
   * Who was rung by a server that has gone is known by the next one, which has the copies of what
   * waits there, too, and is not to go on with a call that is over.
   */
  private Future<List<RungDevice>> cancelAgain(
      CallCancel cancel, long key, Set<Node> but, Node asked, Throwable cause) {
    LOG.warn("server {} did not say who was rung: {}", asked.name(), Reason.of(cause));
    Set<Node> more = new HashSet<>(but);
    more.add(asked);
    return cancel(cancel, key, more);
  }

  @Override
  public void answered(Push ring) {
    if (isOwn(ring)) {
      fleet.answered(ring);
    } else {
      Future<PushReply> unused = ask(new PushQuestion(Task.ANSWERED, ring, false), Set.of());
    }
  }

  @Override
  public Future<Boolean> left(Push ring) {
    Future<Boolean> isLeft =
        isOwn(ring)
            ? fleet.left(ring)
            : here(
                ask(new PushQuestion(Task.LEFT, ring, false), Set.of())
                    .map(reply -> reply.kind() == Kind.YES));
    return formerOwners.hasAny(Ownership.key(ring))
        ? here(isLeft.compose(is -> is ? isLeft : formerOwners.left(ring)))
        : isLeft;
  }

  private boolean isOwn(Push push) {
    return peers.ownership().owner(Ownership.key(push)).equals(peers.self());
  }

  /** What this server leaves when it ends another one goes on with, as long as somebody waits. */
  private Future<Optional<Outcome>> goOnElsewhere(
      Push push, Task task, Future<Optional<Outcome>> end) {
    return end.compose(
        outcome ->
            Arrivals.isLeft(fleet, outcome) && peers.ownership().members().size() > 1
                ? elsewhere(new PushQuestion(task, push, true), Set.of(peers.self()))
                : Future.succeededFuture(outcome));
  }

  private Future<Optional<Outcome>> hand(Push push, Task task) {
    counts.countForwarded();
    return elsewhere(new PushQuestion(task, push, false), Set.of());
  }

  private Future<Optional<Outcome>> elsewhere(PushQuestion question, Set<Node> but) {
    return awaited.await(here(ask(question, but).map(PushReply::end)));
  }

  /**
   * Asks the server that a push belongs to.
   *
   * @param but those that do not take it
   * @return does not fail
   */
  private Future<PushReply> ask(PushQuestion question, Set<Node> but) {
    Push push = question.push();
    Node to = peers.ownership().first(Ownership.key(push), but);
    return ask(question, to == null ? peers.self() : to, but);
  }

  private Future<PushReply> ask(PushQuestion question, Node to, Set<Node> but) {
    if (to.equals(peers.self())) {
      return own(question).compose(reply -> heard(question, to, but, reply));
    }
    Push push = question.push();
    long left = push.remaining(time.now()) + LATE_MS;
    return peers
        .ask(to, PushQuestion.NAME, question.bytes(time.now()), Duration.ofMillis(left))
        .map(PushReply::read)
        .compose(
            reply -> {
              deaf.answered(to);
              return heard(question, to, but, reply);
            },
            cause -> failed(question, to, but, cause));
  }

  private Future<PushReply> own(PushQuestion question) {
    Push push = question.push();
    return switch (question.isRepeated() ? Task.ANSWERED : question.task()) {
      case DELIVER -> fleet.deliver(push).map(end -> PushReply.of(Optional.of(end)));
      case ACCEPT -> fleet.accept(push).map(PushReply::of);
      default -> arrivals.take(question);
    };
  }

  private Future<PushReply> heard(
      PushQuestion question, Node from, Set<Node> but, PushReply reply) {
    return switch (reply.kind()) {
      case DECLINED -> askNext(question, from, but, reply);
      case LEFT -> askNext(question.repeated(), from, but, reply);
      case LATER -> later(question, peers.fate(from).compose(fate -> peers.pause()), but);
      default -> Future.succeededFuture(reply);
    };
  }

  private Future<PushReply> askNext(
      PushQuestion question, Node declined, Set<Node> but, PushReply said) {
    Set<Node> more = new HashSet<>(but);
    more.add(declined);
    if (peers.ownership().first(Ownership.key(question.push()), more) != null) {
      return ask(question, more);
    }
    // All have been asked.
    return said.outcome() == null ? last(question) : Future.succeededFuture(said);
  }

  /** Nobody takes it: what this server says of that is told. */
  private Future<PushReply> last(PushQuestion question) {
    return switch (question.task()) {
      case DELIVER, ACCEPT ->
          fleet.deliver(question.push()).map(end -> PushReply.of(Optional.of(end)));
      default -> Future.succeededFuture(PushReply.of(Optional.empty()));
    };
  }

  private Future<PushReply> failed(
      PushQuestion question, Node asked, Set<Node> but, Throwable cause) {
    if (question.task() == Task.ANSWERED || question.task() == Task.LEFT) {
      // Only of the rings that it knew.
      return Future.succeededFuture(PushReply.of(false));
    }
    LOG.debug("server {} did not answer: {}", asked.name(), Reason.of(cause));
    if (!peers.ownership().members().contains(asked)) {
      deaf.left(asked);
    } else if (deaf.failed(asked)) {
      return askNext(question.repeated(), asked, but, PushReply.DECLINED);
    }
    Future<Void> settled = Future.any(peers.settled(asked), peers.after(DOUBT_MS)).mapEmpty();
    return later(question.repeated(), settled, but);
  }

  /** Asks again, unless its deadline comes before that. */
  private Future<PushReply> later(PushQuestion question, Future<Void> settled, Set<Node> but) {
    Promise<Boolean> goesOn = Promise.promise();
    long timer =
        time.timer(
            question.push().remaining(time.now()) + LATE_MS, () -> goesOn.tryComplete(false));
    settled.onComplete(done -> goesOn.tryComplete(true));
    return goesOn
        .future()
        .compose(
            isOn -> {
              time.cancel(timer);
              return isOn ? askAgain(question, but) : Future.succeededFuture(PushReply.UNKNOWN);
            });
  }

  /** Who goes on with it need not be whose its call is now: servers may have come. */
  private Future<PushReply> askAgain(PushQuestion question, Set<Node> but) {
    return formerOwners.hasAny(Ownership.key(question.push()))
        ? formerOwners
            .withEqual(question.push())
            .compose(
                node ->
                    node.isEmpty() || but.contains(node.get())
                        ? ask(question, but)
                        : ask(question, node.get(), but))
        : ask(question, but);
  }

  /** Brings what comes from elsewhere to the event loop that asked. */
  private <T> Future<T> here(Future<T> elsewhere) {
    Context asker = vertx.getOrCreateContext();
    Promise<T> told = Promise.promise();
    elsewhere.onComplete(
        (result, cause) ->
            asker.runOnContext(
                turn -> {
                  if (cause == null) {
                    told.complete(result);
                  } else {
                    told.fail(cause);
                  }
                }));
    return told.future();
  }

  @Override
  public Optional<Application> application(AppKey key) {
    return fleet.application(key);
  }

  @Override
  public Optional<AppKey> alias(AppKey name) {
    return fleet.alias(name);
  }

  @Override
  public Optional<DisabledSection> disabled(AppKey key) {
    return fleet.disabled(key);
  }

  @Override
  public String platform(String name) {
    return fleet.platform(name);
  }

  @Override
  public boolean hasPlatform(String platform) {
    return fleet.hasPlatform(platform);
  }
}
