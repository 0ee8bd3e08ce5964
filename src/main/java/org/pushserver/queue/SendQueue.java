// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Time;

/**
 * The pushes of one application on their way out: keeps them in the queue, hands them to the push
 * service as its window allows, and tries again what was told to wait.
 *
 * <p>Every push that it accepts ends exactly once, in {@link #finish}. Confined to one event loop.
 */
public final class SendQueue {
  /** So many attempts in one turn of the event loop; then it is the others' turn. */
  private static final int AT_A_TIME = 64;

  private final Time time;
  private final Executor nextTurn;
  private final Pending pending;
  private final Calls calls;
  private final Room room;
  private final Drain drain;
  private final PushCounts.Book book = new PushCounts.Book();

  private ActiveService active;
  private PushListener listener;
  private int joiners;
  private boolean sending;
  private boolean sendsNextTurn;

  /**
   * @param active where attempts go at first
   * @param listener told what becomes of each push, on this event loop
   * @param memory what its pushes share with those of other applications
   * @param nextTurn runs a task when the event loop has seen to others
   */
  public SendQueue(
      ActiveService active,
      Time time,
      PushListener listener,
      QueueMemory memory,
      Executor nextTurn) {
    this.active = active;
    this.time = time;
    this.listener = listener;
    this.nextTurn = nextTurn;
    this.pending = new Pending(time, this::sendWhatMayGo, this::expire);
    this.calls = new Calls();
    this.room = new Room(memory);
    this.drain = new Drain(time, nextTurn, this::size);
  }

  /**
   * Takes a push.
   *
   * @param caller told the outcome, unless the push is turned away; null when nobody waits for it
   * @return why it is turned away; empty when it is accepted
   */
  public Optional<Outcome> take(Push push, Consumer<Outcome> caller) {
    Waiting waiting = new Waiting(push, Waiting.deadline(push, time), caller);
    Decision decision = calls.decide(waiting);
    decision.withdrawn().forEach(this::withdraw);
    if (decision instanceof Decision.Over) {
      accepted(push);
      finish(
          waiting,
          Result.SUPERSEDED,
          waiting.isRing() ? OwnAnswers.cancelled() : OwnAnswers.nothingToCancel());
      return Optional.empty();
    }
    Waiting same = decision instanceof Decision.Join join ? join.same() : null;
    String full = room.take(waiting, same, size(), active.delivery().maxQueue());
    if (full != null) {
      return Optional.of(turnAway(push, full));
    }
    accepted(push);
    if (same == null) {
      enter(waiting, decision);
    } else {
      join(same, waiting);
    }
    return Optional.empty();
  }

  private void accepted(Push push) {
    book.accepted();
    listener.accepted(push);
  }

  private int size() {
    return pending.waiting() + pending.inFlight() + joiners;
  }

  private Outcome turnAway(Push push, String full) {
    Response response = OwnAnswers.failure(503, full);
    Outcome outcome = new Outcome(Result.OVERLOADED, response, 0);
    book.ended(Result.OVERLOADED);
    listener.ended(push, outcome, time.now());
    return outcome;
  }

  private void enter(Waiting waiting, Decision decision) {
    Response never = Weight.isBig(waiting.push) ? active.refusal(waiting.push, time.now()) : null;
    if (never != null) {
      finish(waiting, Result.REFUSED, never);
    } else if (decision instanceof Decision.Hold hold) {
      calls.add(waiting, hold);
      pending.hold(waiting);
      pending.watchDeadlines();
    } else {
      calls.add(waiting);
      pending.queue(waiting);
      sendWhatMayGo();
    }
  }

  private void join(Waiting same, Waiting waiting) {
    book.joined();
    joiners++;
    calls.join(same, waiting);
    same.join(waiting);
    listener.joined(waiting.push);
  }

  private void withdraw(Waiting ring) {
    pending.withdraw(ring);
    end(ring, Result.SUPERSEDED, OwnAnswers.cancelled());
  }

  /** Sends what may be sent now. To be called when the window or the condition has changed. */
  public void sendWhatMayGo() {
    if (!sending) {
      // Attempts that end at once come back here: a loop, no recursion.
      sending = true;
      try {
        sendWaiting();
      } finally {
        sending = false;
      }
    }
    pending.watchDeadlines();
    long callLeft = pending.callLeft();
    if (callLeft > 0 && active.isDown()) {
      active.hurry(callLeft);
    }
  }

  private void sendWaiting() {
    for (int begun = 0; maySend(); begun++) {
      if (begun == AT_A_TIME) {
        sendNextTurn();
        return;
      }
      Waiting next = pending.next();
      if (next == null) {
        return;
      }
      long nanos = time.nanos();
      if (next.deadline <= TimeUnit.NANOSECONDS.toMillis(nanos)) {
        expire(next);
      } else {
        attempt(next, nanos);
      }
    }
  }

  private boolean maySend() {
    return !drain.isAbandoning() && active.hasRoom() && room.maySend(pending.inFlight());
  }

  private void sendNextTurn() {
    if (!sendsNextTurn) {
      sendsNextTurn = true;
      nextTurn.execute(
          () -> {
            sendsNextTurn = false;
            sendWhatMayGo();
          });
    }
  }

  private void attempt(Waiting waiting, long began) {
    long startedAt = time.now();
    waiting.redate(TimeUnit.NANOSECONDS.toMillis(began), startedAt);
    ActiveService over = active;
    Push push = waiting.push;
    Payload payload;
    try {
      payload = over.payload(push, startedAt);
    } catch (RuntimeException e) {
      end(waiting, Result.REFUSED, OwnAnswers.unbuilt(e));
      return;
    }
    pending.send(waiting);
    room.sent();
    over.send(push, payload)
        .onComplete(
            (answer, cause) -> {
              over.attemptEnded();
              room.attemptEnded();
              // Unless it has expired, or was given up, and then has counted this attempt already.
              boolean inTime = pending.comesBack(waiting);
              int number = inTime ? waiting.attempts + 1 : waiting.attempts;
              long took = time.nanos() - began;
              Attempt attempt = new Attempt(number, payload, answer, cause, startedAt, took);
              if (inTime) {
                attempted(waiting, attempt);
              } else {
                listener.late(waiting.push, attempt);
              }
              sendWhatMayGo();
            });
  }

  private void attempted(Waiting waiting, Attempt attempt) {
    if (attempt.wasSent()) {
      waiting.attempts++;
      waiting.setbacks = 0;
    }
    listener.attempted(waiting.push, attempt);
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
    } else if (answer instanceof Answer.DeadToken) {
      end(waiting, Result.DEAD_TOKEN, answer.response());
    } else {
      end(waiting, Result.REFUSED, answer.response());
    }
  }

  /** That the service could not be asked becomes a later attempt here, and nowhere else. */
  private void notSent(Waiting waiting) {
    waiting.setbacks++;
    if (waiting.isCancelled) {
      end(waiting, Result.SUPERSEDED, OwnAnswers.cancelled());
    } else if (waiting.setbacks == 1 || active.isDown()) {
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
    }
  }

  private void expire(Waiting waiting) {
    // What holds a cancel is a ring that is not answered.
    boolean isAsked = waiting.attempts > 0 || waiting.stage == Stage.HELD;
    end(waiting, Result.EXPIRED, OwnAnswers.expired(waiting, isAsked, active.trouble()));
  }

  private void end(Waiting waiting, Result result, Response response) {
    boolean isOnPhone = result == Result.DELIVERED || waiting.mayHaveArrived;
    for (Waiting cancel : calls.remove(waiting, isOnPhone)) {
      // It was held, until now.
      if (!pending.comesBack(cancel)) {
        continue;
      }
      if (cancel.needed) {
        pending.queue(cancel);
      } else {
        end(cancel, Result.SUPERSEDED, OwnAnswers.nothingToCancel());
      }
    }
    finish(waiting, result, response);
  }

  private void finish(Waiting waiting, Result result, Response response) {
    waiting.stage = Stage.ENDED;
    joiners -= waiting.joined();
    room.leave(waiting);
    book.ended(result);
    Outcome outcome = new Outcome(result, response, waiting.attempts);
    long now = time.now();
    waiting.redate(time.millis(), now);
    waiting.tell(outcome);
    listener.ended(waiting.push, outcome, now);
    drain.ended();
  }

  /** What became of all that was taken, and of what was not. */
  public PushCounts counts() {
    return book.balance(pending.waiting(), pending.inFlight());
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
   * Goes on with another push service, to which new attempts go from now on. What waits keeps its
   * place.
   *
   * @param nextListener told what happens from now on
   * @return completes when nothing is in flight with the old one any more
   */
  public Future<Void> switchTo(ActiveService next, PushListener nextListener) {
    ActiveService old = active;
    active = next;
    listener = nextListener;
    sendWhatMayGo();
    return old.leave();
  }

  /**
   * Goes on with what was accepted. Nothing more must be taken.
   *
   * @return completes when all has ended; at the latest after the bound
   */
  public Future<Void> drain(Duration bound) {
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
    return drain
        .abandon(left, next -> end(next, Result.ABANDONED, response))
        .onSuccess(count -> pending.rest());
  }
}
