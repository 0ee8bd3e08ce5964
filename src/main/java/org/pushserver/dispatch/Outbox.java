// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.pushserver.dispatch.Waiting.Stage;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Time;

/**
 * The pushes of one application on their way out: keeps them in the queue, hands them to the push
 * service as its window allows, and tries again what was told to wait.
 *
 * <p>Every push that it accepts ends exactly once, in {@link #finish}. Confined to one event loop.
 */
final class Outbox {
  /** So many attempts, or ends, in one turn of the event loop; then it is the others' turn. */
  private static final int AT_A_TIME = 64;

  private final Time time;
  private final Executor nextTurn;
  private final PushQueue queue = new PushQueue();
  private final Requeue requeue;
  private final Alarm deadlines;
  private final Calls calls;
  private final Set<Waiting> inFlight = new HashSet<>();
  private final Account.Book book = new Account.Book();

  private Line line;
  private Witness witness;
  private int heldCancels;
  private int joiners;
  private boolean sending;
  private boolean sendsNextTurn;
  private Promise<Void> drained;

  /**
   * @param nextTurn runs a task when the event loop has seen to others
   */
  Outbox(Line line, Time time, Witness witness, Executor nextTurn) {
    this.line = line;
    this.time = time;
    this.witness = witness;
    this.nextTurn = nextTurn;
    this.requeue = new Requeue(time, queue, this::goOn);
    this.deadlines = new Alarm(time, this::deadlineCame);
    this.calls = new Calls(this::withdraw);
  }

  /**
   * Takes a push.
   *
   * @param caller told the outcome, unless the push is turned away; null when nobody waits for it
   * @return why it is turned away; empty when it is accepted
   */
  Optional<Outcome> take(Push push, Consumer<Outcome> caller) {
    Waiting waiting = new Waiting(push, caller);
    Waiting same = calls.same(waiting);
    if (calls.isOver(waiting, same)) {
      accepted(push);
      finish(
          waiting,
          Result.SUPERSEDED,
          waiting.isRing() ? OwnAnswers.cancelled() : OwnAnswers.nothingToCancel());
    } else if (size() >= room(push)) {
      return Optional.of(turnAway(push));
    } else {
      accepted(push);
      if (same == null) {
        enter(waiting);
      } else {
        join(same, waiting);
      }
    }
    return Optional.empty();
  }

  private void accepted(Push push) {
    book.accepted();
    witness.accepted(push);
  }

  /** Calls may use all the room; the others leave a fifth of it to them. */
  private int room(Push push) {
    int all = line.worker().application().delivery().maxQueue();
    return push.event().kind().isCall() ? all : all - all / 5;
  }

  private int size() {
    return waiting() + inFlight.size() + joiners;
  }

  private int waiting() {
    return queue.size() + requeue.size() + heldCancels;
  }

  private Outcome turnAway(Push push) {
    Response response = OwnAnswers.failure(503, "too many pushes wait for this application");
    Outcome outcome = new Outcome(Result.OVERLOADED, response, 0);
    book.ended(Result.OVERLOADED);
    witness.ended(push, outcome, time.now());
    return outcome;
  }

  private void enter(Waiting waiting) {
    if (calls.add(waiting)) {
      waiting.stage = Stage.HELD;
      heldCancels++;
    } else {
      queue.add(waiting);
      goOn();
    }
  }

  private void join(Waiting same, Waiting waiting) {
    book.joined();
    joiners++;
    calls.join(same, waiting);
    same.join(waiting);
    witness.joined(waiting.push);
  }

  private void withdraw(Waiting ring) {
    Stage was = ring.stage;
    ring.stage = Stage.ENDED;
    if (was == Stage.QUEUED) {
      queue.ended(ring);
    } else {
      requeue.ended();
    }
    end(ring, Result.SUPERSEDED, OwnAnswers.cancelled());
  }

  /** Sends what may be sent now. To be called when the window or the condition has changed. */
  void goOn() {
    if (!sending) {
      // Attempts that end at once come back here: a loop, no recursion.
      sending = true;
      try {
        sendWaiting();
      } finally {
        sending = false;
      }
    }
    deadlines.noLaterThan(queue.nextDeadline());
  }

  private void sendWaiting() {
    for (int begun = 0; line.hasRoom(); begun++) {
      if (begun == AT_A_TIME) {
        goOnNextTurn();
        return;
      }
      Waiting next = queue.poll();
      if (next == null) {
        return;
      }
      if (next.push.remaining(time.now()) == 0) {
        expire(next);
      } else {
        attempt(next);
      }
    }
  }

  private void goOnNextTurn() {
    if (!sendsNextTurn) {
      sendsNextTurn = true;
      nextTurn.execute(
          () -> {
            sendsNextTurn = false;
            goOn();
          });
    }
  }

  private void attempt(Waiting waiting) {
    Line over = line;
    Payload payload;
    try {
      payload = over.worker().payloads().make(waiting.push, time.now());
    } catch (RuntimeException e) {
      end(
          waiting,
          Result.REFUSED,
          OwnAnswers.failure(500, "the notification could not be built: " + e));
      return;
    }
    waiting.stage = Stage.IN_FLIGHT;
    inFlight.add(waiting);
    long startedAt = time.now();
    long began = time.nanos();
    over.send(waiting.push, payload)
        .onComplete(
            (answer, cause) -> {
              over.attemptEnded();
              // Unless it was given up meanwhile.
              if (inFlight.remove(waiting)) {
                long took = time.nanos() - began;
                int number = waiting.attempts + 1;
                attempted(waiting, new Attempt(number, payload, answer, cause, startedAt, took));
              }
              goOn();
            });
  }

  private void attempted(Waiting waiting, Attempt attempt) {
    if (attempt.wasSent()) {
      waiting.attempts++;
      waiting.setbacks = 0;
    }
    witness.attempted(waiting.push, attempt);
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
    waiting.last = answer.response();
    if (answer instanceof Answer.Later later) {
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
    } else if (waiting.setbacks == 1 || line.isDown()) {
      // At once when a stream was refused; not in a tight loop when the reason stays.
      queue.add(waiting);
    } else {
      again(waiting, waiting.setbacks - 1, null);
    }
  }

  private void again(Waiting waiting, int failures, Duration asked) {
    if (waiting.isCancelled) {
      end(waiting, Result.SUPERSEDED, OwnAnswers.cancelled());
      return;
    }
    OptionalLong delay =
        Backoff.delay(
            failures, asked, waiting.push.remaining(time.now()), ThreadLocalRandom.current());
    if (delay.isEmpty()) {
      expire(waiting);
    } else {
      requeue.add(waiting, delay.getAsLong());
    }
  }

  private void deadlineCame() {
    for (int expired = 0; expired < AT_A_TIME; expired++) {
      Waiting late = queue.pollExpired(time.now());
      if (late == null) {
        break;
      }
      expire(late);
    }
    deadlines.noLaterThan(queue.nextDeadline());
  }

  private void expire(Waiting waiting) {
    end(waiting, Result.EXPIRED, OwnAnswers.expired(waiting.last));
  }

  private void end(Waiting waiting, Result result, Response response) {
    boolean isOnPhone = result == Result.DELIVERED || waiting.mayHaveArrived;
    for (Waiting cancel : calls.remove(waiting, isOnPhone)) {
      heldCancels--;
      if (cancel.needed) {
        queue.add(cancel);
      } else {
        end(cancel, Result.SUPERSEDED, OwnAnswers.nothingToCancel());
      }
    }
    finish(waiting, result, response);
  }

  private void finish(Waiting waiting, Result result, Response response) {
    waiting.stage = Stage.ENDED;
    joiners -= waiting.joined();
    book.ended(result);
    Outcome outcome = new Outcome(result, response, waiting.attempts);
    witness.ended(waiting.push, outcome, time.now());
    waiting.tell(outcome);
    if (drained != null && size() == 0) {
      drained.tryComplete();
    }
  }

  /** What became of all that was taken, and of what was not. */
  Account account() {
    return book.balance(waiting(), inFlight.size());
  }

  /** The calls that wait for their turn. */
  Lane calls() {
    return queue.calls(time.now());
  }

  /** All others that wait for their turn. */
  Lane others() {
    return queue.others(time.now());
  }

  /**
   * Goes on over another line, to which new attempts go from now on. What waits keeps its place.
   *
   * @param nextWitness told what happens from now on
   * @return completes when nothing is in flight over the old one any more
   */
  Future<Void> use(Line next, Witness nextWitness) {
    Line old = line;
    line = next;
    witness = nextWitness;
    goOn();
    return old.leave();
  }

  /**
   * Goes on with what was accepted. Nothing more must be taken.
   *
   * @return completes when all has ended; at the latest after the bound
   */
  Future<Void> drain(Duration bound) {
    if (size() == 0) {
      return Future.succeededFuture();
    }
    drained = Promise.promise();
    long timer = time.timer(bound.toMillis(), drained::tryComplete);
    return drained.future().onComplete(done -> time.cancel(timer));
  }

  /**
   * Answers everything that is left, wherever it is: nobody is to wait for an outbox that has gone.
   *
   * @return how many pushes that were
   */
  int giveUp(int code, String why) {
    List<Waiting> sent = List.copyOf(inFlight);
    inFlight.clear();
    for (Waiting waiting : sent) {
      // The phone may ring, and only the answer is lost: its cancel must not be told otherwise.
      waiting.mayHaveArrived = true;
      end(waiting, Result.ABANDONED, OwnAnswers.failure(code, why));
    }
    return sent.size() + abandonWaiting(code, why);
  }

  /**
   * Answers what waits and is not with the push service.
   *
   * @return how many pushes that were
   */
  int abandonWaiting(int code, String why) {
    int count = 0;
    Waiting next;
    while ((next = requeue.poll()) != null || (next = queue.poll()) != null) {
      end(next, Result.ABANDONED, OwnAnswers.failure(code, why));
      count++;
    }
    requeue.off();
    deadlines.off();
    return count;
  }
}
