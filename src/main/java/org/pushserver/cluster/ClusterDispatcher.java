// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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

  private final Vertx vertx;
  private final Fleet fleet;
  private final Peers peers;
  private final RecentCancels cancels;
  private final FormerOwners formerOwners;
  private final ClusterCounts counts;
  private final AwaitedAnswers awaited;
  private final AskedServers asked;

  /**
   * @param standstill knows whether this server stood still lately
   * @param awaited is told of what others are asked for those who wait here
   */
  ClusterDispatcher(
      Vertx vertx,
      Fleet fleet,
      Peers peers,
      Arrivals arrivals,
      RecentCancels cancels,
      Time time,
      Standstill standstill,
      ClusterCounts counts,
      AwaitedAnswers awaited) {
    this.vertx = vertx;
    this.fleet = fleet;
    this.peers = peers;
    this.cancels = cancels;
    this.formerOwners = new FormerOwners(peers, fleet, arrivals, time);
    this.counts = counts;
    this.awaited = awaited;
    this.asked = new AskedServers(fleet, peers, arrivals, formerOwners, cancels, standstill, time);
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
    return awaited.await(here(asked.ask(question, former, Set.of()).map(PushReply::end)));
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
      Future<PushReply> unused = asked.ask(new PushQuestion(Task.ANSWERED, ring, false), Set.of());
    }
  }

  @Override
  public Future<Boolean> left(Push ring) {
    Future<Boolean> isLeft =
        isOwn(ring)
            ? fleet.left(ring)
            : here(
                asked
                    .ask(new PushQuestion(Task.LEFT, ring, false), Set.of())
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
    return awaited.await(here(asked.ask(question, but).map(PushReply::end)));
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
