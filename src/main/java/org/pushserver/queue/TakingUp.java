// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.pushserver.push.Push;
import org.pushserver.queue.Waiting.Kept;
import org.pushserver.spi.Time;

/**
 * Takes up what another process has left. None of it is sent before all of it is understood: what
 * comes last may be the cancel of what comes first. Confined to one event loop.
 */
final class TakingUp {
  /** The way into the queue. */
  interface Entry {
    /** Takes one that shares the end of another. */
    void share(Waiting waiting, DeliveredPush same);

    /**
     * Takes one, for which there is room.
     *
     * @param isOfOther whether another server had it
     */
    void take(Waiting waiting, boolean isOfOther);
  }

  private final Time time;
  private final Executor nextTurn;
  private final Room room;
  private final Sameness sameness;
  private final Entry enter;
  private final BiConsumer<Push, PushCaller> end;
  private final Runnable sendMore;

  /** How often something is just being taken up. */
  private int running;

  /**
   * @param end takes one that need not be sent
   * @param sendMore called when something may be sent again
   */
  TakingUp(
      Time time,
      Executor nextTurn,
      Room room,
      Sameness sameness,
      Entry enter,
      BiConsumer<Push, PushCaller> end,
      Runnable sendMore) {
    this.time = time;
    this.nextTurn = nextTurn;
    this.room = room;
    this.sameness = sameness;
    this.enter = enter;
    this.end = end;
    this.sendMore = sendMore;
  }

  /** Whether nothing is to be sent. */
  boolean isGoingOn() {
    return running > 0;
  }

  /**
   * Takes what the store has kept.
   *
   * @param isOver whether one need not be sent: a ring that a cancel has overtaken
   */
  Future<Void> kept(List<KeptPush> left, Predicate<Push> isOver) {
    return each(
        left.iterator(),
        kept -> {
          if (isOver.test(kept.push())) {
            end.accept(kept.push(), null);
            return;
          }
          Waiting waiting = new Waiting(kept.push(), time, null);
          waiting.kept = Kept.YES;
          waiting.isOwed = true;
          enter(waiting, kept, false);
        });
  }

  /**
   * Takes what another server has left, which is not kept here. What says the same as one that was
   * delivered meanwhile shares the end of that, as it would have if both had come here.
   *
   * @param hasRoom takes the room of one; false when there is none, and then it is not taken
   * @return completes with those that were not taken
   */
  Future<List<TakenUp>> fromOther(
      List<TakenUp> left, Meanwhile meanwhile, Predicate<Waiting> hasRoom) {
    List<TakenUp> untaken = new ArrayList<>();
    return each(
            left.iterator(),
            one -> {
              Push push = one.kept().push();
              if (meanwhile.isOver(push)) {
                end.accept(push, one.caller());
                return;
              }
              Waiting waiting = new Waiting(push, time, one.caller());
              Optional<DeliveredPush> same =
                  meanwhile.delivered(push).stream()
                      .filter(delivered -> sameness.repeats(push, delivered.push()))
                      .findFirst();
              if (same.isPresent()) {
                enter.share(waiting, same.get());
                return;
              }
              if (!hasRoom.test(waiting)) {
                untaken.add(one);
                return;
              }
              enter(waiting, one.kept(), true);
            })
        .map(untaken);
  }

  private <T> Future<Void> each(Iterator<T> left, Consumer<T> each) {
    running++;
    return InTurns.each(left, each, nextTurn)
        .onComplete(
            done -> {
              running--;
              sendMore.run();
            });
  }

  private void enter(Waiting waiting, KeptPush kept, boolean isOfOther) {
    waiting.attempts = kept.attempts();
    waiting.mayHaveArrived = kept.mayHaveArrived();
    room.takeAnyway(waiting);
    enter.take(waiting, isOfOther);
  }
}
