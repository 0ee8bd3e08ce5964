// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.queue.Waiting.Kept;
import org.pushserver.queue.Waiting.Stage;

/**
 * The ends of the pushes of one application: each that was accepted has one here. What was held for
 * a push that ends goes on, or ends with it. Confined to one event loop.
 */
final class Endings implements AfterAttempt.Ending {
  private final Pending pending;
  private final Calls calls;
  private final Room room;
  private final Ledger ledger;
  private final Keeping keeping;
  private final Consumer<Waiting> delivered;

  /**
   * @param delivered told of each that was delivered, when its end is noted
   */
  Endings(
      Pending pending,
      Calls calls,
      Room room,
      Ledger ledger,
      Keeping keeping,
      Consumer<Waiting> delivered) {
    this.pending = pending;
    this.calls = calls;
    this.room = room;
    this.ledger = ledger;
    this.keeping = keeping;
    this.delivered = delivered;
  }

  /** Ends one that has been taken out of where it was. */
  @Override
  public void end(Waiting waiting, Result result, Response response) {
    boolean isOnPhone = result == Result.DELIVERED || waiting.mayHaveArrived;
    keeping.forget(waiting);
    calls.remove(waiting, isOnPhone).forEach(this::release);
    finish(waiting, result, response);
    if (result == Result.DELIVERED) {
      delivered.accept(waiting);
    }
  }

  /** Leaves one that has been taken out of where it was to another process. */
  void leave(Waiting waiting, Response response) {
    keeping.leave(waiting);
    room.leave(waiting);
    // Its cancel is to look for it there.
    calls.remove(waiting, waiting.mayHaveArrived).forEach(this::release);
    ledger.left(waiting, response);
  }

  /** Lets a cancel go on that waits for nothing any more. */
  void release(Waiting cancel) {
    if (!pending.comesBack(cancel)) {
      return;
    }
    keeping.cancels(cancel);
    if (cancel.needed && !cancel.isMute) {
      pending.queue(cancel);
    } else {
      end(cancel, Result.SUPERSEDED, OwnAnswers.unsent(cancel));
    }
  }

  /** Ends one that is accepted, and that nothing else knows of yet. */
  void endAtOnce(Waiting waiting, Result result, Response response) {
    keeping.forget(waiting);
    finish(waiting, result, response);
  }

  private void finish(Waiting waiting, Result result, Response response) {
    waiting.stage = Stage.ENDED;
    room.leave(waiting);
    ledger.ended(waiting, result, response);
  }

  /** Ends a ring whose cancel has come before it was sent. */
  void withdraw(Waiting ring) {
    pending.takeOut(ring);
    end(ring, Result.SUPERSEDED, OwnAnswers.cancelled());
  }

  /** Ends one of which nothing can be made that could be sent. */
  void unbuilt(Waiting waiting, RuntimeException cause) {
    end(waiting, Result.REFUSED, OwnAnswers.unbuilt(cause));
  }

  /**
   * Ends one that could not be kept, unless somebody waits for it. What is with the push service is
   * not sent again.
   */
  void unkept(Waiting waiting) {
    boolean isOver = waiting.stage == Stage.ENDED || waiting.stage == Stage.LEFT;
    if (isOver || waiting.hasAnyWaiting()) {
      waiting.isOwed = false;
      waiting.kept = Kept.NOT;
      ledger.unkept(waiting);
    } else {
      ledger.notKept(waiting);
      if (waiting.stage != Stage.IN_FLIGHT) {
        pending.takeOut(waiting);
        end(waiting, Result.ABANDONED, OwnAnswers.notKept());
      }
    }
  }

  /**
   * Ends what other servers go on with, wherever it is. What is with the push service is not sent
   * again.
   *
   * @param ids of pushes
   */
  void takenOver(Set<UUID> ids) {
    for (Waiting waiting : pending.find(one -> ids.contains(one.push.id()))) {
      if (waiting.stage == Stage.IN_FLIGHT) {
        waiting.isTakenOver = true;
      } else if (waiting.stage != Stage.ENDED) {
        pending.takeOut(waiting);
        end(waiting, Result.ABANDONED, OwnAnswers.TAKEN_OVER);
      }
    }
  }
}
