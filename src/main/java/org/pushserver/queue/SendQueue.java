// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.pushserver.events.PushListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.queue.Calls.Decision;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Time;
import org.pushserver.spi.TokenForm;

/**
 * The pushes of one application on their way out: taken, sent as the window of the push service
 * allows, answered, perhaps sent again, and finished.
 *
 * <p>Every push that it accepts ends exactly once, in {@link Endings}. Confined to one event loop.
 */
public final class SendQueue {
  /** He is owed nothing, and need not be told. */
  private static final PushCaller NOBODY =
      new PushCaller() {
        @Override
        public boolean isWaiting() {
          return true;
        }

        @Override
        public void accepted() {}

        @Override
        public void ended(Outcome outcome) {}
      };

  private final Time time;
  private final Ledger ledger;
  private final Keeping keeping;
  private final Pending pending;
  private final Calls calls;
  private final Room room;
  private final Repetitions repetitions;
  private final Endings endings;
  private final Entrance entrance;
  private final Attempts attempts;
  private final SendLoop sendLoop;
  private final TakingUp takingUp;
  private final Drain drain;
  private final HandingOver handingOver;

  private ActiveService active;

  /**
   * @param active where attempts go at first
   * @param tokens how the tokens of the application's devices compare
   * @param listener told what becomes of each push, on this event loop
   * @param memory what its pushes share with those of other applications
   * @param store what keeps its pushes
   * @param guard knows which rings may be pushed once more
   * @param nextTurn runs a task when the event loop has seen to others; takes it on any thread
   */
  public SendQueue(
      ActiveService active,
      TokenForm tokens,
      Time time,
      PushListener listener,
      QueueMemory memory,
      PushStore store,
      RepeatGuard guard,
      Executor nextTurn) {
    this.active = active;
    this.time = time;
    this.keeping = new Keeping(store, time, nextTurn, this::kept, this::unkept);
    this.ledger = new Ledger(time, keeping, listener, this::toldOne);
    this.pending = new Pending(time, this::sendWhatMayGo, this::expire);
    Sameness sameness = new Sameness(tokens);
    this.calls = new Calls(sameness);
    this.room = new Room(memory);
    this.repetitions = new Repetitions(time, guard, sameness, room, this::repeat);
    this.endings = new Endings(pending, calls, room, ledger, keeping, this::delivered);
    AfterAttempt after =
        new AfterAttempt(
            time, pending, room, ledger, keeping, () -> this.active, endings, this::expire);
    this.attempts =
        new Attempts(
            time,
            pending,
            room,
            ledger,
            keeping,
            after::attempted,
            endings::unbuilt,
            this::sendWhatMayGo);
    this.entrance =
        new Entrance(
            time,
            pending,
            calls,
            room,
            ledger,
            keeping,
            endings,
            () -> this.active,
            this::sendWhatMayGo);
    this.drain = new Drain(time, nextTurn, this::size, pending, keeping, endings);
    this.handingOver = new HandingOver(time, pending, keeping, endings, this::handedSomeOver);
    this.sendLoop = new SendLoop(this::sendNext, this::sendWhatMayGo, nextTurn);
    this.takingUp =
        new TakingUp(time, nextTurn, room, sameness, entrance, this::end, this::sendWhatMayGo);
  }

  /** Takes a push. Its caller is told when it is accepted or turned away, perhaps at once. */
  public void take(Push push, PushCaller caller) {
    take(new Waiting(push, time, caller));
  }

  /**
   * Takes a push when one that says the same is on its way, whose end it shares: also when nothing
   * else is taken any more.
   *
   * @return false when there is none; then its caller is told nothing
   */
  public boolean share(Push push, PushCaller caller) {
    boolean shares = hasEqual(push);
    if (shares) {
      take(push, caller);
    }
    return shares;
  }

  /** Takes a ring that its cancel has overtaken, as one that need not be sent. */
  public void end(Push ring, PushCaller caller) {
    entrance.enter(new Waiting(ring, time, caller), Decision.OVER);
  }

  /**
   * Takes a cancel that withdraws the rings that it is for, and is not sent itself.
   *
   * @param nothing runs when there is no such ring, in place of all that is told to the caller
   * @return false when there is no such ring
   */
  public boolean withdraw(Push cancel, PushCaller caller, Runnable nothing) {
    Waiting waiting = new Waiting(cancel, time, caller);
    waiting.isMute = true;
    repetitions.madeNeedless(waiting);
    boolean isAny = calls.hasRing(waiting);
    if (isAny) {
      take(waiting);
    } else if (!keeping.announce(waiting, nothing)) {
      nothing.run();
    }
    return isAny;
  }

  /** Ends the rings that a cancel is for which goes on elsewhere: nobody is told of it here. */
  public void endRings(Push cancel) {
    boolean unused = withdraw(cancel, NOBODY, () -> {});
  }

  /** Whether one that says the same is on its way, whose end it would share. */
  public boolean hasEqual(Push push) {
    return calls.decide(new Waiting(push, time, null)) instanceof Decision.Join;
  }

  private void take(Waiting waiting) {
    repetitions.madeNeedless(waiting);
    Decision decision = entrance.decide(waiting);
    if (decision instanceof Decision.Over) {
      entrance.enter(waiting, decision);
      return;
    }
    Waiting same = Entrance.same(decision);
    String full = room.take(waiting, same != null, size(), active.delivery().maxQueue());
    if (full != null) {
      turnAway(waiting, OwnAnswers.failure(503, full));
    } else if (keeping.begin(waiting, same)) {
      entrance.enter(waiting, decision);
    } else {
      turnAway(waiting, OwnAnswers.notKept());
    }
  }

  /**
   * Takes up what another process has left. None of it is sent before all of it is understood: what
   * comes last may be the cancel of what comes first.
   *
   * @param isOver whether one need not be sent: a ring that a cancel has overtaken
   * @return completes when it has all of it
   */
  public Future<Void> takeUp(List<KeptPush> left, Predicate<Push> isOver) {
    return takingUp.kept(left, isOver);
  }

  /**
   * The same of what another server has left, which is not kept here.
   *
   * @param meanwhile what is known of these
   */
  public void takeUpFromOther(List<TakenUp> left, Meanwhile meanwhile) {
    Future<List<TakenUp>> unused = takingUp.fromOther(left, meanwhile, waiting -> true);
  }

  /**
   * The same of what another server still has, as far as there is room for it as for new pushes.
   *
   * @return completes with those that it does not take
   */
  public Future<List<TakenUp>> takeUpIfRoom(List<TakenUp> offered, Meanwhile meanwhile) {
    return takingUp.fromOther(offered, meanwhile, this::hasRoom);
  }

  /** What shares the end of another takes next to none, and would be sent twice elsewhere. */
  private boolean hasRoom(Waiting waiting) {
    return room.take(waiting, false, size(), active.delivery().maxQueue()) == null
        || hasEqual(waiting.push);
  }

  /**
   * Ends what other servers go on with, wherever it is. What is with the push service is not sent
   * again.
   *
   * @param ids of pushes
   */
  public void takenOver(Set<UUID> ids) {
    endings.takenOver(ids);
  }

  private void kept(Waiting waiting) {
    ledger.kept(waiting);
  }

  private void unkept(Waiting waiting) {
    endings.unkept(waiting);
  }

  private void turnAway(Waiting waiting, Response response) {
    room.leave(waiting);
    waiting.stage = Stage.ENDED;
    keeping.forget(waiting);
    ledger.turnedAway(waiting, response);
  }

  private void repeat(Waiting repetition) {
    ledger.repeats();
    calls.add(repetition);
    pending.queue(repetition);
    sendWhatMayGo();
  }

  /** Sends what may be sent now. To be called when the window or the condition has changed. */
  public void sendWhatMayGo() {
    handingOver.more();
    sendLoop.run();
    pending.watchDeadlines();
    long callLeft = pending.callLeft();
    if (callLeft > 0 && active.isDown()) {
      active.hurry(callLeft);
    }
  }

  private boolean sendNext() {
    Waiting next = maySend() ? pending.next() : null;
    if (next == null) {
      return false;
    }
    long nanos = time.nanos();
    if (next.deadline <= TimeUnit.NANOSECONDS.toMillis(nanos)) {
      expire(next);
    } else if (next.isRepetition && !repetitions.isWanted(next)) {
      endings.end(next, Result.SUPERSEDED, OwnAnswers.cancelled());
    } else {
      attempts.make(next, active, nanos);
    }
    return true;
  }

  private boolean maySend() {
    return !drain.isAbandoning()
        && !takingUp.isGoingOn()
        && keeping.isOwn()
        && active.hasRoom()
        && room.maySend(pending.inFlight());
  }

  private void expire(Waiting waiting) {
    endings.end(waiting, Result.EXPIRED, OwnAnswers.expired(waiting, active.trouble()));
  }

  private void delivered(Waiting waiting) {
    repetitions.add(waiting, active.delivery());
  }

  private void toldOne() {
    drain.ended();
  }

  private void handedSomeOver() {
    sendWhatMayGo();
    drain.ended();
  }

  private int size() {
    return pending.waiting() + pending.inFlight() + ledger.joiners() + keeping.untold();
  }

  /** What became of all that was taken, and of what was not. */
  public PushCounts counts() {
    return ledger.balance(pending.waiting(), pending.inFlight());
  }

  /** The calls that wait for their turn. */
  public QueueDepth calls() {
    return pending.calls();
  }

  /** All others that wait for their turn. */
  public QueueDepth others() {
    return pending.others();
  }

  /**
   * Goes on with another push service, for new attempts. What waits keeps its place.
   *
   * @param nextListener told what happens from now on
   * @return completes when nothing is in flight with the old one any more
   */
  public Future<Void> switchTo(ActiveService next, PushListener nextListener) {
    ActiveService old = active;
    active = next;
    ledger.listener(nextListener);
    sendWhatMayGo();
    return old.leave();
  }

  /**
   * Lets other servers go on with what waits, if there are any, and with what comes back from the
   * push service and has not ended; whoever waits for it is told to ask there. To be called before
   * {@link #drain}.
   */
  public void handOver() {
    repetitions.clear();
    handingOver.begin();
  }

  /** How many pushes other servers go on with. */
  public int handedOver() {
    return handingOver.count();
  }

  /**
   * Goes on with what was accepted. Nothing more must be taken.
   *
   * @return completes when all has ended; at the latest after the bound
   */
  public Future<Void> drain(Duration bound) {
    repetitions.clear();
    return drain.await(bound);
  }

  /**
   * Answers everything that is left, wherever it is: nobody is to wait for a send queue that has
   * gone. What its store keeps for another process, and somebody was promised, stays there.
   *
   * @return completes with how many pushes that were
   */
  public Future<Integer> giveUp(int code, String why) {
    repetitions.clear();
    return drain.giveUp(OwnAnswers.failure(code, why));
  }

  /**
   * Answers what waits and is not with the push service. None of it is sent any more.
   *
   * @return completes with how many pushes that were
   */
  public Future<Integer> abandonWaiting(int code, String why) {
    repetitions.clear();
    return drain.abandonWaiting(OwnAnswers.failure(code, why));
  }

  /** How many of those that were left stay in the store, for another process to take up. */
  public int leftBehind() {
    return drain.leftBehind();
  }
}
