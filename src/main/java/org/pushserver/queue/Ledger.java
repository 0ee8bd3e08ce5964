// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.queue.Waiting.Kept;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Time;

/**
 * The record of what becomes of the pushes of one application: it counts, and tells their callers,
 * the store and the listeners. Confined to one event loop.
 */
final class Ledger {
  private final Time time;
  private final Keeping keeping;
  private final Runnable told;
  private final PushCounts.Book book = new PushCounts.Book();
  private PushListener listener;

  /** How many share the end of another, which has not come. */
  private int joiners;

  /**
   * @param keeping says when an end may be told
   * @param told runs when an end was told
   */
  Ledger(Time time, Keeping keeping, PushListener listener, Runnable told) {
    this.time = time;
    this.keeping = keeping;
    this.listener = listener;
    this.told = told;
  }

  /** Changes who listens. */
  void listener(PushListener next) {
    listener = next;
  }

  void accepted(Waiting waiting) {
    book.accepted();
    boolean isAwaited = waiting.isAwaited();
    if (waiting.kept == Kept.YES) {
      waiting.tellAccepted();
    }
    listener.accepted(waiting.push, isAwaited);
  }

  /** Notes that one is taken up that another server, or a former process, had accepted. */
  void takenUp(Waiting waiting, boolean isOfOther) {
    listener.takenUp(waiting.push, isOfOther, waiting.mayHaveArrived);
  }

  /** Notes that one is kept now. */
  void kept(Waiting waiting) {
    waiting.tellAccepted();
    if (waiting.stage != Stage.ENDED) {
      listener.kept(waiting.push);
    }
  }

  /** Notes that one could not be kept, which who waits for its end does not mind. */
  void unkept(Waiting waiting) {
    refuse(waiting);
    notKept(waiting);
  }

  /** Tells who does not wait for the end of one that it could not be kept. */
  void refuse(Waiting waiting) {
    waiting.refuse(new Outcome(Result.OVERLOADED, OwnAnswers.notKept(), waiting.attempts));
  }

  /** Notes that one could not be kept, so that its caller has to wait for what comes of it. */
  void notKept(Waiting waiting) {
    if (waiting.stage != Stage.ENDED) {
      listener.unkept(waiting.push);
    }
  }

  /** Notes that one stays in the store, for another process to take up. */
  void left(Waiting waiting, Response response) {
    joiners -= waiting.joined();
    book.left(1 + waiting.joined());
    waiting.tellWhoWaits(new Outcome(Result.ABANDONED, response, waiting.attempts));
  }

  /** Notes that one that was accepted shares the end of another from now on. */
  void joined(Waiting same, Waiting waiting) {
    book.joined();
    joiners++;
    same.join(waiting);
    listener.joined(waiting.push, same.push);
    if (same.kept == Kept.YES) {
      same.tellAccepted();
    }
  }

  /** Notes that one that was accepted shares the end of another, which has come already. */
  void shares(Waiting waiting, DeliveredPush same) {
    book.joined();
    waiting.stage = Stage.ENDED;
    waiting.tell(same.outcome());
    listener.joined(waiting.push, same.push());
  }

  /** Notes that a cancel waits for its rings. */
  void held(Waiting waiting) {
    listener.held(waiting.push);
  }

  /** Notes that one is to be tried again after so many milliseconds. */
  void pauses(Waiting waiting, long ms) {
    listener.pauses(waiting.push, ms);
  }

  void attempted(Waiting waiting, Attempt attempt) {
    if (waiting.isRepetition) {
      listener.repeated(waiting.push, attempt);
    } else {
      listener.attempted(waiting.push, attempt);
    }
  }

  /** Notes an attempt whose push had ended before. */
  void late(Waiting waiting, Attempt attempt) {
    if (waiting.isRepetition) {
      listener.repeated(waiting.push, attempt);
    } else {
      listener.late(waiting.push, attempt);
    }
  }

  /** Notes that one which has ended already is to be pushed once more. */
  void repeats() {
    book.repeats(1);
  }

  /** Notes the end of one that was never accepted. */
  void turnedAway(Waiting waiting, Response response) {
    ended(waiting, new Outcome(Result.OVERLOADED, response, 0));
  }

  /** Notes the end of one that was accepted, and of all that share it. */
  void ended(Waiting waiting, Result result, Response response) {
    joiners -= waiting.joined();
    Outcome outcome = new Outcome(result, response, waiting.attempts);
    if (waiting.isRepetition) {
      book.repeats(-1);
      tellRepetition(waiting, outcome);
    } else {
      ended(waiting, outcome);
    }
  }

  private void ended(Waiting waiting, Outcome outcome) {
    book.ended(outcome.result());
    long now = time.now();
    waiting.redate(time.millis(), now);
    if (keeping.mayTell(waiting)) {
      tell(waiting, outcome, now);
    } else {
      keeping.tellOnceForgotten(waiting, () -> tell(waiting, outcome, now));
    }
  }

  private void tell(Waiting waiting, Outcome outcome, long now) {
    waiting.tell(outcome);
    listener.ended(waiting.push, outcome, now);
    told.run();
  }

  private void tellRepetition(Waiting waiting, Outcome outcome) {
    keeping.tellOnceForgotten(
        waiting,
        () -> {
          waiting.tell(outcome);
          told.run();
        });
  }

  int joiners() {
    return joiners;
  }

  PushCounts balance(int waiting, int inFlight) {
    return book.balance(waiting, inFlight);
  }
}
