// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.Answer;
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
 * <p>Every push that it accepts ends exactly once, in {@link #finish}. Confined to one event loop.
 */
public final class SendQueue {
  private final Time time;
  private final Executor nextTurn;
  private final Ledger ledger;
  private final Keeping keeping;
  private final Pending pending;
  private final Calls calls;
  private final Room room;
  private final Repetitions repetitions;
  private final Attempts attempts;
  private final SendLoop sendLoop;
  private final Drain drain;

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
    this.nextTurn = nextTurn;
    this.ledger = new Ledger(time, store, listener);
    this.keeping =
        new Keeping(store, nextTurn, this::arrive, w -> turnAway(w, OwnAnswers.notKept()));
    this.pending = new Pending(time, this::sendWhatMayGo, this::expire);
    Sameness sameness = new Sameness(tokens);
    this.calls = new Calls(sameness);
    this.room = new Room(memory);
    this.repetitions = new Repetitions(time, guard, sameness, room, this::repeat);
    this.attempts =
        new Attempts(
            time, pending, room, ledger, this::attempted, this::unbuilt, this::sendWhatMayGo);
    this.sendLoop = new SendLoop(this::sendNext, this::sendWhatMayGo, nextTurn);
    this.drain = new Drain(time, nextTurn, this::size);
  }

  /** Takes a push. Its caller is told when it is accepted or turned away, perhaps at once. */
  public void take(Push push, PushCaller caller) {
    take(new Waiting(push, time, caller));
  }

  /** Takes a ring that its cancel has overtaken, as one that need not be sent. */
  public void end(Push ring, PushCaller caller) {
    enter(new Waiting(ring, time, caller), Decision.OVER);
  }

  /**
   * Takes a cancel that withdraws the rings that it is for, and is not sent itself.
   *
   * @return false when there is no such ring; then nothing has happened, and nobody is told
   */
  public boolean withdraw(Push cancel, PushCaller caller) {
    Waiting waiting = new Waiting(cancel, time, caller);
    waiting.isMute = true;
    repetitions.madeNeedless(waiting);
    boolean isAny = keeping.isBehind(waiting) || calls.hasRing(waiting);
    if (isAny) {
      take(waiting);
    }
    return isAny;
  }

  private void take(Waiting waiting) {
    repetitions.madeNeedless(waiting);
    // Behind another of its call it is not understood yet.
    Decision decision = keeping.isBehind(waiting) ? Decision.SEND : decide(waiting);
    if (decision instanceof Decision.Over) {
      enter(waiting, decision);
      return;
    }
    boolean joins = decision instanceof Decision.Join;
    String full = room.take(waiting, joins, size(), active.delivery().maxQueue());
    if (full != null) {
      turnAway(waiting, OwnAnswers.failure(503, full));
    } else if (keeping.keep(waiting)) {
      enter(waiting, decision);
    } else if (joins) {
      room.takeAnyway(waiting);
    }
  }

  /**
   * Takes up what a former process has left; to be called before anything new is taken.
   *
   * @return completes when it has all of it
   */
  public Future<Void> takeUp(List<KeptPush> left) {
    return InTurns.each(left.iterator(), this::takeUp, nextTurn);
  }

  private void takeUp(KeptPush kept) {
    Waiting waiting = new Waiting(kept.push(), time, null);
    waiting.attempts = kept.attempts();
    waiting.mayHaveArrived = kept.mayHaveArrived();
    room.takeAnyway(waiting);
    arrive(waiting);
  }

  /** One that is kept. What was decided before may have changed meanwhile. */
  private void arrive(Waiting waiting) {
    enter(waiting, decide(waiting));
  }

  private Decision decide(Waiting waiting) {
    Decision decision = calls.decide(waiting);
    decision.withdrawn().forEach(this::withdraw);
    return decision;
  }

  private void withdraw(Waiting ring) {
    pending.withdraw(ring);
    end(ring, Result.SUPERSEDED, OwnAnswers.cancelled());
  }

  private void enter(Waiting waiting, Decision decision) {
    ledger.accepted(waiting);
    if (decision instanceof Decision.Over) {
      finish(waiting, Result.SUPERSEDED, OwnAnswers.unsent(waiting));
    } else if (decision instanceof Decision.Join join) {
      calls.join(join.same(), waiting);
      room.join(join.same(), waiting);
      ledger.joined(join.same(), waiting);
    } else {
      enterAlone(waiting, decision);
    }
  }

  private void enterAlone(Waiting waiting, Decision decision) {
    Response never = Weight.isBig(waiting.push) ? active.refusal(waiting.push, time.now()) : null;
    if (never != null) {
      finish(waiting, Result.REFUSED, never);
    } else if (decision instanceof Decision.Hold hold) {
      calls.add(waiting, hold);
      pending.hold(waiting);
      ledger.held(waiting);
      pending.watchDeadlines();
    } else {
      calls.add(waiting);
      pending.queue(waiting);
      sendWhatMayGo();
    }
  }

  private void turnAway(Waiting waiting, Response response) {
    room.leave(waiting);
    ledger.turnedAway(waiting, response);
    drain.ended();
  }

  private void repeat(Waiting repetition) {
    ledger.repeats();
    calls.add(repetition);
    pending.queue(repetition);
    sendWhatMayGo();
  }

  /** Sends what may be sent now. To be called when the window or the condition has changed. */
  public void sendWhatMayGo() {
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
      end(next, Result.SUPERSEDED, OwnAnswers.cancelled());
    } else {
      attempts.make(next, active, nanos);
    }
    return true;
  }

  private boolean maySend() {
    return !drain.isAbandoning() && active.hasRoom() && room.maySend(pending.inFlight());
  }

  private void unbuilt(Waiting waiting, RuntimeException cause) {
    end(waiting, Result.REFUSED, OwnAnswers.unbuilt(cause));
  }

  private void attempted(Waiting waiting, Attempt attempt) {
    if (attempt.wasSent()) {
      waiting.attempts++;
      waiting.setbacks = 0;
    }
    ledger.attempted(waiting, attempt);
    waiting.trouble = attempt.failure() == null ? null : attempt.failure().getMessage();
    if (attempt.failure() == null) {
      answered(waiting, attempt.answer());
    } else if (!attempt.wasSent()) {
      notSent(waiting);
    } else {
      waiting.mayHaveArrived = true;
      again(waiting, waiting.attempts, null);
    }
  }

  private void answered(Waiting waiting, Answer answer) {
    if (answer instanceof Answer.Later later) {
      room.keepLast(waiting, answer.response());
      waiting.mayHaveArrived |= later.mayHaveArrived();
      again(waiting, waiting.attempts, later.after());
    } else if (answer instanceof Answer.Delivered) {
      end(waiting, Result.DELIVERED, answer.response());
    } else {
      boolean isDead = answer instanceof Answer.DeadToken;
      end(waiting, isDead ? Result.DEAD_TOKEN : Result.REFUSED, answer.response());
    }
  }

  /** That the service could not be asked becomes a later attempt here, and nowhere else. */
  private void notSent(Waiting waiting) {
    waiting.setbacks++;
    if (!waiting.isCancelled && (waiting.setbacks == 1 || active.isDown())) {
      // At once when a stream was refused; not in a tight loop when the reason stays.
      pending.queue(waiting);
    } else {
      again(waiting, Math.min(waiting.setbacks - 1, Backoff.MOST_SETBACKS), null);
    }
  }

  private void again(Waiting waiting, int failures, Duration asked) {
    if (waiting.isCancelled) {
      end(waiting, Result.SUPERSEDED, OwnAnswers.cancelled());
      return;
    }
    long left = Math.max(0, waiting.deadline - time.millis());
    OptionalLong delay = Backoff.delay(failures, asked, left, ThreadLocalRandom.current());
    if (delay.isEmpty()) {
      expire(waiting);
    } else {
      pending.pause(waiting, delay.getAsLong());
      ledger.pauses(waiting, delay.getAsLong());
    }
  }

  private void expire(Waiting waiting) {
    end(waiting, Result.EXPIRED, OwnAnswers.expired(waiting, active.trouble()));
  }

  private void end(Waiting waiting, Result result, Response response) {
    boolean isOnPhone = result == Result.DELIVERED || waiting.mayHaveArrived;
    for (Waiting cancel : calls.remove(waiting, isOnPhone)) {
      // It was held, until now.
      if (!pending.comesBack(cancel)) {
        continue;
      }
      if (cancel.needed && !cancel.isMute) {
        pending.queue(cancel);
      } else {
        end(cancel, Result.SUPERSEDED, OwnAnswers.unsent(cancel));
      }
    }
    finish(waiting, result, response);
    if (result == Result.DELIVERED) {
      repetitions.add(waiting, active.delivery());
    }
  }

  private void finish(Waiting waiting, Result result, Response response) {
    waiting.stage = Stage.ENDED;
    room.leave(waiting);
    ledger.ended(waiting, result, response);
    drain.ended();
  }

  private int size() {
    return pending.waiting() + pending.inFlight() + ledger.joiners() + keeping.size();
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
   * gone.
   *
   * @return completes with how many pushes that were
   */
  public Future<Integer> giveUp(int code, String why) {
    return abandon(pending::pollAny, OwnAnswers.failure(code, why));
  }

  /**
   * Answers what waits and is not with the push service. None of it is sent any more.
   *
   * @return completes with how many pushes that were
   */
  public Future<Integer> abandonWaiting(int code, String why) {
    return abandon(pending::pollWaiting, OwnAnswers.failure(code, why));
  }

  private Future<Integer> abandon(Supplier<Waiting> left, Response response) {
    repetitions.clear();
    return drain
        .abandon(
            () -> keeping.size() > 0 ? keeping.poll() : left.get(), next -> abandon(next, response))
        .onSuccess(count -> pending.rest());
  }

  private void abandon(Waiting left, Response response) {
    if (left.stage == Stage.COMING) {
      turnAway(left, response);
    } else {
      end(left, Result.ABANDONED, response);
    }
  }
}
