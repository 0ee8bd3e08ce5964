// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.pushserver.cluster.PushQuestion.Task;
import org.pushserver.cluster.PushReply.Kind;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;

/**
 * The servers that calls belonged to before servers came or went, as long as rings may still wait
 * there: who ends such a call has to tell these, too. Any thread.
 */
final class FormerOwners {
  /** Of a ring that is with its push service the answer may take so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Who asks for a ring is not to wait for a server that does not answer. */
  private static final Duration SHORT = Duration.ofMillis(500);

  private final Peers peers;
  private final Fleet fleet;
  private final Arrivals arrivals;
  private final Time time;
  private final AskedAgain again;

  FormerOwners(Peers peers, Fleet fleet, Arrivals arrivals, Time time) {
    this.peers = peers;
    this.fleet = fleet;
    this.arrivals = arrivals;
    this.time = time;
    this.again = new AskedAgain(time);
  }

  private boolean isSelf(Node node) {
    return node.equals(peers.self());
  }

  /** Whether a call may have rings anywhere but where it belongs now. */
  boolean hasAny(long key) {
    return !peers.formerOwners(key).isEmpty();
  }

  /**
   * Withdraws there the rings that a cancel is for.
   *
   * @return empty when there was nothing to withdraw; does not fail
   */
  Future<Optional<Outcome>> withdraw(Push cancel) {
    return all(
            peers.formerOwners(Ownership.key(cancel)),
            node -> withdraw(node, cancel),
            Optional.<Outcome>empty())
        .map(ends -> ends.stream().flatMap(Optional::stream).findFirst());
  }

  private Future<Optional<Outcome>> withdraw(Node node, Push cancel) {
    return isSelf(node)
        ? fleet.withdraw(cancel)
        : ask(node, Task.WITHDRAW, cancel)
            .map(reply -> reply.end().filter(outcome -> outcome.result() == Result.SUPERSEDED));
  }

  /**
   * Which of them has a push on its way that says the same.
   *
   * @return empty when none has; does not fail
   */
  Future<Optional<Node>> withEqual(Push push) {
    return all(
            peers.formerOwners(Ownership.key(push)),
            node -> hasEqual(node, push).map(has -> Optional.of(node).filter(one -> has)),
            Optional.<Node>empty())
        .map(said -> said.stream().flatMap(Optional::stream).findFirst());
  }

  private Future<Boolean> hasEqual(Node node, Push push) {
    if (isSelf(node)) {
      return fleet.hasEqual(push);
    }
    Buffer question = new PushQuestion(Task.HAS_EQUAL, push, false).bytes(time.now());
    return peers
        .ask(node, PushQuestion.NAME, question, SHORT)
        .map(answer -> PushReply.read(answer).kind() == Kind.YES);
  }

  /** As {@link Fleet#left} there; does not fail. */
  Future<Boolean> left(Push ring) {
    return all(
            peers.formerOwners(Ownership.key(ring)),
            node ->
                isSelf(node)
                    ? fleet.left(ring)
                    : ask(node, Task.LEFT, ring).map(reply -> reply.kind() == Kind.YES),
            false)
        .map(said -> said.contains(true));
  }

  /** Whom they have rung; does not fail. */
  Future<List<RungDevice>> cancel(CallCancel cancel) {
    return all(
            peers.formerOwners(Ownership.key(cancel.callId())),
            node -> cancelAt(node, cancel),
            List.<RungDevice>of())
        .map(said -> said.stream().flatMap(List::stream).toList());
  }

  /** Cancels a call at one server; fails when that does not answer. */
  Future<List<RungDevice>> cancelAt(Node node, CallCancel cancel) {
    if (isSelf(node)) {
      return arrivals.cancel(cancel);
    }
    List<AppKey> running =
        fleet.statuses().stream().map(status -> status.application().key()).toList();
    Buffer question = new CallQuestion(cancel, UUID.randomUUID().toString()).bytes(running);
    return again
        .ask(() -> peers.ask(node, CallQuestion.NAME, question, PATIENCE))
        .map(CallQuestion::devices);
  }

  private Future<PushReply> ask(Node node, Task task, Push push) {
    Buffer question = new PushQuestion(task, push, false).bytes(time.now());
    return peers.ask(node, PushQuestion.NAME, question, PATIENCE).map(PushReply::read);
  }

  /** Asks each; who does not answer says nothing. */
  private static <T> Future<List<T>> all(
      Collection<Node> nodes, Function<Node, Future<T>> ask, T nothing) {
    List<Future<T>> asked = nodes.stream().map(node -> ask.apply(node).otherwise(nothing)).toList();
    return Future.join(asked).map(done -> asked.stream().map(Future::result).toList());
  }
}
