// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.function.Supplier;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.queue.Calls.Decision;
import org.pushserver.spi.Time;

/**
 * The way of a push into the queue when nothing turns it away: by itself, to share the end of one
 * that says the same, or to end at once. Confined to one event loop.
 */
final class Entrance implements TakingUp.Entry {
  private final Time time;
  private final Pending pending;
  private final Calls calls;
  private final Room room;
  private final Ledger ledger;
  private final Keeping keeping;
  private final Endings endings;
  private final Announcements announcements;
  private final Supplier<ActiveService> active;
  private final Runnable sendMore;

  /**
   * @param active where attempts go now
   * @param sendMore called when there may be more to send
   */
  Entrance(
      Time time,
      Pending pending,
      Calls calls,
      Room room,
      Ledger ledger,
      Keeping keeping,
      Endings endings,
      Supplier<ActiveService> active,
      Runnable sendMore) {
    this.time = time;
    this.pending = pending;
    this.calls = calls;
    this.room = room;
    this.ledger = ledger;
    this.keeping = keeping;
    this.endings = endings;
    this.announcements = new Announcements(keeping, endings, sendMore);
    this.active = active;
    this.sendMore = sendMore;
  }

  /** Says what is to be done with a push that has just come, and ends what it makes needless. */
  Decision decide(Waiting waiting) {
    Decision decision = calls.decide(waiting);
    decision.withdrawn().forEach(endings::withdraw);
    if (!waiting.isCancel()) {
      return decision;
    }
    keeping.cancels(waiting);
    return announcements.announce(waiting, decision);
  }

  /** What a push shares the end of; null when it is sent itself, or not at all. */
  static Waiting same(Decision decision) {
    return decision instanceof Decision.Join join ? join.same() : null;
  }

  /** Takes one for which there is room, or none is needed. */
  void enter(Waiting waiting, Decision decision) {
    ledger.accepted(waiting);
    goOn(waiting, decision);
  }

  @Override
  public void take(Waiting waiting, boolean isOfOther) {
    ledger.accepted(waiting);
    ledger.takenUp(waiting, isOfOther);
    Decision decision = decide(waiting);
    // It was accepted there: what cannot be kept here goes on all the same.
    boolean unused = !isOfOther || keeping.begin(waiting, same(decision));
    goOn(waiting, decision);
  }

  @Override
  public void share(Waiting waiting, DeliveredPush same) {
    ledger.accepted(waiting);
    ledger.takenUp(waiting, true);
    ledger.shares(waiting, same);
  }

  private void goOn(Waiting waiting, Decision decision) {
    if (decision instanceof Decision.Over) {
      endings.endAtOnce(waiting, Result.SUPERSEDED, OwnAnswers.unsent(waiting));
    } else if (decision instanceof Decision.Join join) {
      join(join.same(), waiting);
    } else {
      goAlone(waiting, decision);
    }
  }

  private void join(Waiting same, Waiting waiting) {
    calls.join(same, waiting);
    room.join(same, waiting);
    same.isEndedWith(waiting);
    ledger.joined(same, waiting);
    keeping.forgetJoined(waiting, same);
  }

  private void goAlone(Waiting waiting, Decision decision) {
    Response never =
        Weight.isBig(waiting.push) ? active.get().refusal(waiting.push, time.now()) : null;
    if (never != null) {
      endings.endAtOnce(waiting, Result.REFUSED, never);
    } else if (decision instanceof Decision.Hold hold) {
      calls.add(waiting, hold);
      pending.hold(waiting);
      if (!hold.rings().isEmpty()) {
        ledger.held(waiting);
      }
      keeping.entered(waiting);
      pending.watchDeadlines();
    } else {
      calls.add(waiting);
      pending.queue(waiting);
      keeping.entered(waiting);
      sendMore.run();
    }
  }
}
