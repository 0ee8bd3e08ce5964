// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.queue.Waiting.Stage;
import org.pushserver.spi.Time;

/**
 * The pushes of one application that are in no queue: with the push service, held until a ring
 * there is answered, or offered to other servers. Each can be found and taken out at no cost; for
 * those whose deadline comes all are looked at, which happens about once in the life of a push.
 * Confined to one event loop.
 */
final class Underway {
  private static final long NEVER = Long.MAX_VALUE;

  /** A look at so many pushes may not come again within a millisecond: it must stay cheap. */
  private static final int LOOKED_AT_PER_MS = 64;

  /** However many there are, no push is late by more. */
  private static final int LONGEST_PAUSE_MS = 500;

  /** In no order. */
  private final List<Waiting> all = new ArrayList<>();

  private int held;
  private long nextLook = NEVER;

  /** A look goes from the end to the beginning: where the one that was broken off goes on. */
  private int unseen;

  /** The first of the deadlines that have not come, of those that were seen or came meanwhile. */
  private long earliest = NEVER;

  void add(Waiting waiting, Stage stage) {
    if (all.isEmpty()) {
      nextLook = NEVER;
    }
    waiting.stage = stage;
    waiting.slot = all.size();
    all.add(waiting);
    held += stage == Stage.IN_FLIGHT ? 0 : 1;
    nextLook = Math.min(nextLook, waiting.deadline);
    earliest = Math.min(earliest, waiting.deadline);
  }

  /** Takes one out; false when it is not in here. */
  boolean remove(Waiting waiting) {
    if (waiting.slot < 0) {
      return false;
    }
    Waiting last = all.remove(all.size() - 1);
    if (last != waiting) {
      last.slot = waiting.slot;
      all.set(waiting.slot, last);
    }
    waiting.slot = -1;
    held -= waiting.stage == Stage.IN_FLIGHT ? 0 : 1;
    return true;
  }

  /** All, in no order. */
  Stream<Waiting> stream() {
    return all.stream();
  }

  /** Takes out any one; null when there is none. */
  Waiting poll() {
    if (all.isEmpty()) {
      return null;
    }
    Waiting any = all.get(all.size() - 1);
    return remove(any) ? any : null;
  }

  /**
   * Not before this time does one expire, by {@link Time#millis}; {@link Long#MAX_VALUE} for never.
   */
  long nextLook() {
    return all.isEmpty() ? NEVER : nextLook;
  }

  /**
   * Takes out those whose deadline has come.
   *
   * @param most so many at a time; the next call goes on
   * @param end may take out others
   */
  void expire(long now, int most, Consumer<Waiting> end) {
    if (now < nextLook) {
      return;
    }
    if (unseen == 0) {
      unseen = all.size();
      earliest = NEVER;
    }
    int expired = 0;
    int at = unseen;
    while (at > 0 && expired < most) {
      at--;
      Waiting waiting = at < all.size() ? all.get(at) : null;
      if (waiting != null && waiting.deadline <= now && remove(waiting)) {
        end.accept(waiting);
        expired++;
      } else if (waiting != null) {
        earliest = Math.min(earliest, waiting.deadline);
      }
    }
    unseen = at;
    long pause = Math.min(LONGEST_PAUSE_MS, all.size() / LOOKED_AT_PER_MS);
    nextLook = at > 0 ? now : Math.max(earliest, now + pause);
  }

  /** How many are with the push service. */
  int inFlight() {
    return all.size() - held;
  }

  /** How many are held, or offered to other servers. */
  int held() {
    return held;
  }
}
