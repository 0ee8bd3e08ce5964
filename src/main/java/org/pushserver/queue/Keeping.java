// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.pushserver.queue.Waiting.Kept;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Time;

/**
 * What its store has of the pushes of one application, and what waits for the store. A push goes on
 * meanwhile: who is to be told that it is accepted is told when it is kept; its end is told when it
 * cannot come back. Confined to one event loop.
 */
final class Keeping {
  private final PushStore store;
  private final FromElsewhere elsewhere;
  private final Lingering lingering;
  private final Consumer<Waiting> kept;
  private final Consumer<Waiting> unkept;

  /** How many are being kept that stay in the store. */
  private int leaving;

  /** How many ends are not told yet. */
  private int untold;

  private Promise<Void> settled;

  /** The latest of those that are being forgotten; null when there was none. */
  private Future<Void> lastForgotten;

  /**
   * @param nextTurn runs a task on the event loop, from whichever thread
   * @param kept told of each that is kept now
   * @param unkept told of each that could not be kept
   */
  Keeping(
      PushStore store,
      Time time,
      Executor nextTurn,
      Consumer<Waiting> kept,
      Consumer<Waiting> unkept) {
    this.store = store;
    this.elsewhere = new FromElsewhere(nextTurn);
    this.lingering = new Lingering(time, store.patienceMs(), this::keepLonger);
    this.kept = kept;
    this.unkept = unkept;
  }

  /**
   * Begins to keep one that is about to enter.
   *
   * @param same one whose end it is to share, which is kept in its place; null for none
   * @return false when it cannot be kept
   */
  boolean begin(Waiting waiting, Waiting same) {
    return same == null ? begin(waiting) : beginFor(waiting, same);
  }

  private boolean begin(Waiting waiting) {
    Future<Void> keeps = store.keep(waiting.push, waiting.isAwaited());
    if (keeps.failed()) {
      return false;
    }
    if (!waiting.isAwaited()) {
      waiting.isOwed = true;
      follow(waiting, keeps);
    }
    return true;
  }

  /**
   * Keeps one that is there because an equal one has come for which nobody waits.
   *
   * @return false when it cannot be kept
   */
  private boolean beginFor(Waiting equal, Waiting same) {
    if (equal.isAwaited()) {
      return true;
    }
    if (!isKeptOrComing(same)) {
      Lingering.remove(same);
      keepLonger(same);
    }
    boolean isGood = isKeptOrComing(same);
    same.isOwed |= isGood;
    return isGood;
  }

  private static boolean isKeptOrComing(Waiting waiting) {
    return waiting.kept == Kept.YES || waiting.kept == Kept.COMING;
  }

  /** One has entered, and was not sent and answered at once. */
  void entered(Waiting waiting) {
    if (waiting.kept == Kept.NOT && waiting.isAwaited()) {
      lingering.add(waiting);
    }
  }

  private void keepLonger(Waiting waiting) {
    boolean mayHaveArrived = waiting.mayHaveArrived || waiting.stage == Stage.IN_FLIGHT;
    follow(waiting, store.keepLonger(new KeptPush(waiting.push, waiting.attempts, mayHaveArrived)));
    if (waiting.kept == Kept.FAILED && waiting.hasAnyWaiting()) {
      // Who waits does not mind.
      waiting.kept = Kept.NOT;
    }
  }

  private void follow(Waiting waiting, Future<Void> keeps) {
    if (keeps.isComplete()) {
      waiting.kept = keeps.succeeded() ? Kept.YES : Kept.FAILED;
      return;
    }
    waiting.kept = Kept.COMING;
    keeps.onComplete(done -> elsewhere.onLoop(() -> came(waiting, done.succeeded())));
  }

  private void came(Waiting waiting, boolean isKept) {
    waiting.kept = isKept ? Kept.YES : Kept.FAILED;
    (isKept ? kept : unkept).accept(waiting);
    if (waiting.stage == Stage.LEFT) {
      leaving--;
      if (leaving == 0 && settled != null) {
        settled.tryComplete();
      }
    }
  }

  /** Notes how it stands with one that is kept: an attempt begins, or has come to nothing. */
  void note(Waiting waiting, boolean mayHaveArrived) {
    if (isKeptOrComing(waiting)) {
      store.changed(waiting.push.id(), waiting.attempts, mayHaveArrived);
    }
  }

  /** Whether one stays where it is when the process ends: somebody was told that it is accepted. */
  boolean stays(Waiting waiting) {
    return waiting.isOwed && store.isLasting() && isKeptOrComing(waiting);
  }

  /** Whether what is kept may be sent. */
  boolean isOwn() {
    return store.isOwn();
  }

  /** Forgets one that has ended, or does not enter. */
  void forget(Waiting waiting) {
    Lingering.remove(waiting);
    if (waiting.isRepetition && waiting.kept == Kept.NOT) {
      return;
    }
    Future<Void> forgets = store.ended(waiting.push.id());
    if (!forgets.isComplete()) {
      waiting.forgets = forgets;
      lastForgotten = forgets;
    }
  }

  /** What a cancel has to wait for: its rings, which have ended, are not to come back after it. */
  void cancels(Waiting cancel) {
    if (lastForgotten != null && !lastForgotten.isComplete()) {
      tellAfter(cancel, lastForgotten);
    }
  }

  private static void tellAfter(Waiting waiting, Future<Void> forgets) {
    waiting.forgets =
        waiting.forgets == null || waiting.forgets.isComplete()
            ? forgets
            : Future.join(waiting.forgets, forgets).mapEmpty();
  }

  /**
   * Lets whoever may go on with the rings of a cancel know of it; before that its end is not told.
   *
   * @param known runs on the event loop when they know
   * @return false when there is nothing to wait for; then nobody is told
   */
  boolean announce(Waiting cancel, Runnable known) {
    Future<Void> knows = store.cancels(cancel.push);
    if (knows.isComplete()) {
      return false;
    }
    tellAfter(cancel, knows);
    knows.onComplete(done -> elsewhere.onLoop(known));
    return true;
  }

  /**
   * Forgets one that another process had kept, and that shares the end of another now, which is
   * kept in its place.
   */
  void forgetJoined(Waiting waiting, Waiting same) {
    if (waiting.kept == Kept.YES && beginFor(waiting, same)) {
      forget(waiting);
    }
  }

  /** Whether nothing can undo the end of one any more. */
  boolean mayTell(Waiting waiting) {
    return waiting.forgets == null || waiting.forgets.isComplete();
  }

  /** Tells an end as soon as nothing can undo it any more. */
  void tellOnceForgotten(Waiting waiting, Runnable tell) {
    if (mayTell(waiting)) {
      tell.run();
      return;
    }
    untold++;
    waiting.forgets.onComplete(
        done ->
            elsewhere.onLoop(
                () -> {
                  untold--;
                  tell.run();
                }));
  }

  /** Whether another process may go on with what waits here. */
  boolean mayHandOver() {
    return store.mayHandOver();
  }

  /** Lets another process go on with some; what becomes of them is told on this event loop. */
  void handOver(List<Offered> waiting, Consumer<HandedOver> told) {
    store
        .handOver(waiting)
        .otherwise(HandedOver.NONE)
        .onSuccess(said -> elsewhere.onLoop(() -> told.accept(said)));
  }

  /** Leaves one where it is. */
  void leave(Waiting waiting) {
    Lingering.remove(waiting);
    waiting.stage = Stage.LEFT;
    leaving += waiting.kept == Kept.COMING ? 1 : 0;
  }

  /** Completes when all that was left is kept, or cannot be. */
  Future<Void> settled() {
    if (leaving == 0) {
      return Future.succeededFuture();
    }
    settled = Promise.promise();
    return settled.future();
  }

  /** How many ends are not told yet. */
  int untold() {
    return untold;
  }
}
