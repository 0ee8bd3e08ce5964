// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.pushserver.cluster.PushQuestion.Task;
import org.pushserver.dispatch.Fleet;
import org.pushserver.push.Push;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that are asked one after the other what is wanted with a push, until one takes it:
 * first the one that it belongs to; when that does not take it, or has gone, the next one, with the
 * same push. Any thread.
 */
final class AskedServers {
  private static final Logger LOG = LoggerFactory.getLogger(AskedServers.class);

  /** Who has a push says what became of it soon after its deadline. */
  private static final long LATE_MS = 2_000;

  /**
   * For so long it is awaited what has become of a server that did not answer. Then the next one is
   * asked: who serves, and is cut off, may never have got the push, and may be cut off for longer
   * than a call lasts.
   */
  private static final long DOUBT_MS = 2_000;

  private final Fleet fleet;
  private final Peers peers;
  private final Arrivals arrivals;
  private final FormerOwners formerOwners;
  private final RecentCancels cancels;
  private final Standstill standstill;
  private final Time time;
  private final AskedAgain again;
  private final DeafServers deaf;

  /**
   * @param fleet what this server does when it is one of them
   * @param arrivals the same, of what another server may have had before
   * @param cancels those that have come to this server
   * @param standstill knows whether this server stood still lately
   */
  AskedServers(
      Fleet fleet,
      Peers peers,
      Arrivals arrivals,
      FormerOwners formerOwners,
      RecentCancels cancels,
      Standstill standstill,
      Time time) {
    this.fleet = fleet;
    this.peers = peers;
    this.arrivals = arrivals;
    this.formerOwners = formerOwners;
    this.cancels = cancels;
    this.standstill = standstill;
    this.time = time;
    this.again = new AskedAgain(time);
    this.deaf = new DeafServers(time);
  }

  /**
   * Asks the server that a push belongs to.
   *
   * @param but those that do not take it
   * @return does not fail
   */
  Future<PushReply> ask(PushQuestion question, Set<Node> but) {
    Push push = question.push();
    Node to = peers.ownership().first(Ownership.key(push), but);
    return ask(question, to == null ? peers.self() : to, but);
  }

  /** Asks one server, and then the others, by whose it is. */
  Future<PushReply> ask(PushQuestion question, Node to, Set<Node> but) {
    if (to.equals(peers.self())) {
      return own(question).compose(reply -> heard(question, to, but, reply));
    }
    return askUntilAnswered(question, to)
        .map(PushReply::read)
        .compose(
            reply -> {
              deaf.answered(to);
              return heard(question, to, but, reply);
            },
            cause -> failed(question, to, but, cause));
  }

  /** Who has got a push that comes again says of it what he says of the first. */
  private Future<Buffer> askUntilAnswered(PushQuestion question, Node to) {
    return switch (question.task()) {
      case DELIVER, ACCEPT, WITHDRAW -> again.ask(() -> askOnce(question, to));
      // Nobody rings, or does not, because of it.
      default -> askOnce(question, to);
    };
  }

  private Future<Buffer> askOnce(PushQuestion question, Node to) {
    long left = question.push().remaining(time.now()) + LATE_MS;
    return peers.ask(to, PushQuestion.NAME, question.bytes(time.now()), Duration.ofMillis(left));
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
    long doubtMs = doubtMs(question.push());
    if (!peers.ownership().members().contains(asked)) {
      deaf.left(asked);
    } else if (doubtMs <= DOUBT_MS && deaf.failed(asked)) {
      return askNext(question.repeated(), asked, but, PushReply.DECLINED);
    }
    Future<Void> settled = Future.any(peers.settled(asked), peers.after(doubtMs)).mapEmpty();
    return later(question.repeated(), settled, but);
  }

  /**
   * After a standstill of this server the others seem to leave, though it is this one that they
   * left out: what they were asked meanwhile they have done, and their answers did not find back.
   * So it is awaited for longer that they are back; half of the time that a push has left stays for
   * whoever sends it then.
   */
  private long doubtMs(Push push) {
    long leftMs = push.remaining(time.now());
    return Math.max(DOUBT_MS, Math.min(standstill.leftOutMs(), leftMs / 2));
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

  /**
   * Who goes on with it need not be whose its call is now: servers may have come. Nobody does when
   * its cancel has come here meanwhile.
   */
  private Future<PushReply> askAgain(PushQuestion question, Set<Node> but) {
    Push push = question.push();
    if (question.isToBeSent()
        && cancels.isOver(push)
        && fleet.application(push.app()).isPresent()) {
      return fleet.end(push, question.task() == Task.DELIVER).map(PushReply::of);
    }
    return formerOwners.hasAny(Ownership.key(push))
        ? formerOwners
            .withEqual(push)
            .compose(
                node ->
                    node.isEmpty() || but.contains(node.get())
                        ? ask(question, but)
                        : ask(question, node.get(), but))
        : ask(question, but);
  }
}
