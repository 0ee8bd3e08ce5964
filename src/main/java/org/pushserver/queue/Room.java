// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import org.pushserver.push.Response;

/**
 * The limits of one application: whether another push is let in, by their number and by the memory
 * that those of all applications share, and whether another may be sent. Confined to one event
 * loop.
 */
final class Room {
  private static final String TOO_MANY = "too many pushes wait for this application";
  private static final String TOO_MUCH = "the pushes that wait take all the memory they may";

  /** Of an answer that there is no room for, so much of the reason is kept. */
  private static final int SHORT = 200;

  /** So many an application may always have in flight: their answers let the next ones go. */
  private static final int FEW = 4;

  private final QueueMemory memory;

  Room(QueueMemory memory) {
    this.memory = memory;
  }

  /**
   * Takes the room that a push needs.
   *
   * @param joins whether it says what one says that is there, and takes no memory but its caller's
   * @param held how many there are
   * @param most how many there may be: calls may use all the room, the others leave a fifth of it
   * @return why there is none; null when it has been taken
   */
  String take(Waiting waiting, boolean joins, int held, int most) {
    boolean isCall = waiting.isCall();
    if (held >= (isCall ? most : most - most / 5)) {
      return TOO_MANY;
    }
    int bytes = (joins ? 0 : Weight.of(waiting.push)) + caller(waiting);
    if (!memory.take(bytes, isCall)) {
      memory.refuse();
      return TOO_MUCH;
    }
    waiting.weight = bytes;
    return null;
  }

  private static int caller(Waiting waiting) {
    return waiting.isAwaited() ? Weight.CLIENT : 0;
  }

  /** Takes the room that a push of its own needs, whether there is any or not. */
  void takeAnyway(Waiting waiting) {
    int bytes = Weight.of(waiting.push) + caller(waiting);
    memory.takeAnyway(bytes - waiting.weight);
    waiting.weight = bytes;
  }

  /** Gives back the room of a push that joins another, but that of its caller. */
  void join(Waiting same, Waiting waiting) {
    int caller = caller(waiting);
    if (waiting.weight != caller) {
      memory.free(waiting.weight - caller);
    }
    same.weight += caller;
    waiting.weight = 0;
  }

  /**
   * Whether another may be sent.
   *
   * @param inFlight how many of this application are
   */
  boolean maySend(int inFlight) {
    return inFlight < FEW || memory.hasRoomToSend();
  }

  /** Notes that one has been handed to the service. */
  void sent() {
    memory.sent();
  }

  /** Notes that an attempt has ended. */
  void attemptEnded() {
    memory.attemptEnded();
  }

  /** Keeps what the service said last; without its text where that has no room. */
  void keepLast(Waiting waiting, Response said) {
    Response kept = said;
    int before = Weight.of(waiting.last);
    int more = Weight.of(said) - before;
    if (more > 0 && !memory.take(more, waiting.isCall())) {
      String reason = said.reason();
      kept =
          new Response(
              said.code(),
              reason.substring(0, Math.min(SHORT, reason.length())),
              said.url(),
              OwnAnswers.NO_BODY);
      more = Weight.of(kept) - before;
      memory.free(-more);
    } else if (more < 0) {
      memory.free(-more);
    }
    waiting.weight += more;
    waiting.last = kept;
  }

  /** Gives back the room of a push that has ended. */
  void leave(Waiting waiting) {
    if (waiting.weight != 0) {
      memory.free(waiting.weight);
      waiting.weight = 0;
    }
  }
}
