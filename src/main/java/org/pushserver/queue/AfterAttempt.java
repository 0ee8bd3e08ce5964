// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pushserver.events.Attempt;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.queue.Waiting.Kept;
import org.pushserver.spi.Time;

/**
 * What follows from an attempt: that the push has ended, or is to be tried again, at once or after
 * a pause. Confined to one event loop.
 */
final class AfterAttempt {
  /** Ends a push. */
  interface Ending {
    /** Ends one, with the last word about it. */
    void end(Waiting waiting, Result result, Response response);
  }

  private final Time time;
  private final Pending pending;
  private final Room room;
  private final Ledger ledger;
  private final Keeping keeping;
  private final Supplier<ActiveService> active;
  private final Ending end;
  private final Consumer<Waiting> expire;

  /**
   * @param active where attempts go now
   * @param expire ends one that cannot be tried again in time
   */
  AfterAttempt(
      Time time,
      Pending pending,
      Room room,
      Ledger ledger,
      Keeping keeping,
      Supplier<ActiveService> active,
      Ending end,
      Consumer<Waiting> expire) {
    this.time = time;
    this.pending = pending;
    this.room = room;
    this.ledger = ledger;
    this.keeping = keeping;
    this.active = active;
    this.end = end;
    this.expire = expire;
  }

  /** Sees to a push whose attempt has ended before the push did. */
  void attempted(Waiting waiting, Attempt attempt) {
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
      end.end(waiting, Result.DELIVERED, answer.response());
    } else {
      boolean isDead = answer instanceof Answer.DeadToken;
      end.end(waiting, isDead ? Result.DEAD_TOKEN : Result.REFUSED, answer.response());
    }
  }

  /** That the service could not be asked becomes a later attempt here, and nowhere else. */
  private void notSent(Waiting waiting) {
    waiting.setbacks++;
    if (waiting.isWantedAgain() && (waiting.setbacks == 1 || active.get().isDown())) {
      // At once when a stream was refused; not in a tight loop when the reason stays.
      pending.queue(waiting);
    } else {
      again(waiting, Math.min(waiting.setbacks - 1, Backoff.MOST_SETBACKS), null);
    }
  }

  private void again(Waiting waiting, int failures, Duration asked) {
    if (waiting.isCancelled) {
      end.end(waiting, Result.SUPERSEDED, OwnAnswers.cancelled());
      return;
    }
    if (waiting.isTakenOver) {
      end.end(waiting, Result.ABANDONED, OwnAnswers.TAKEN_OVER);
      return;
    }
    if (waiting.kept == Kept.FAILED && waiting.hasAnyWaiting()) {
      // He has come since, and does not mind.
      waiting.kept = Kept.NOT;
      ledger.refuse(waiting);
    } else if (waiting.kept == Kept.FAILED) {
      end.end(waiting, Result.ABANDONED, OwnAnswers.notKept());
      return;
    }
    long left = Math.max(0, waiting.deadline - time.millis());
    OptionalLong delay = Backoff.delay(failures, asked, left, ThreadLocalRandom.current());
    if (delay.isEmpty()) {
      expire.accept(waiting);
    } else {
      pending.pause(waiting, delay.getAsLong());
      keeping.note(waiting, waiting.mayHaveArrived);
      ledger.pauses(waiting, delay.getAsLong());
    }
  }
}
