// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.spi.Time;

/**
 * The record of what becomes of the pushes of one application: it counts, and tells their callers,
 * the store and the listeners. Confined to one event loop.
 */
final class Ledger {
  private final Time time;
  private final PushStore store;
  private final PushCounts.Book book = new PushCounts.Book();
  private PushListener listener;

  /** How many share the end of another, which has not come. */
  private int joiners;

  Ledger(Time time, PushStore store, PushListener listener) {
    this.time = time;
    this.store = store;
    this.listener = listener;
  }

  /** Changes who listens. */
  void listener(PushListener next) {
    listener = next;
  }

  void accepted(Waiting waiting) {
    book.accepted();
    boolean isAwaited = waiting.isAwaited();
    waiting.tellAccepted();
    listener.accepted(waiting.push, isAwaited);
  }

  /** Notes that one that was accepted shares the end of another from now on. */
  void joined(Waiting same, Waiting waiting) {
    book.joined();
    joiners++;
    if (same.isAwaited() && !waiting.isAwaited() && same.keptAs == null) {
      // Of the two, this is the one that must not be lost with the process.
      same.keptAs = waiting.push.id();
    } else {
      store.ended(waiting.push.id());
    }
    same.join(waiting);
    listener.joined(waiting.push, same.push);
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
      tell(waiting, outcome);
    } else {
      ended(waiting, outcome);
    }
  }

  private void ended(Waiting waiting, Outcome outcome) {
    book.ended(outcome.result());
    store.ended(waiting.push.id());
    long now = time.now();
    waiting.redate(time.millis(), now);
    tell(waiting, outcome);
    listener.ended(waiting.push, outcome, now);
  }

  private void tell(Waiting waiting, Outcome outcome) {
    if (waiting.keptAs != null) {
      store.ended(waiting.keptAs);
    }
    waiting.tell(outcome);
  }

  int joiners() {
    return joiners;
  }

  PushCounts balance(int waiting, int inFlight) {
    return book.balance(waiting, inFlight);
  }
}
