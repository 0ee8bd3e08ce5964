// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.ArrayList;
import java.util.List;
import org.pushserver.push.Outcome.Result;
import org.pushserver.spi.Time;

/**
 * Lets other servers go on with what waits here, when this one ends: at once with what is not with
 * the push service, and with the rest as soon as it comes back from there and has not ended. What
 * nobody takes stays in its queue. Confined to one event loop.
 */
final class HandingOver {
  /** So many in one question. */
  private static final int AT_ONCE = 256;

  private final Time time;
  private final Pending pending;
  private final Keeping keeping;
  private final Endings endings;
  private final Runnable changed;
  private boolean isOn;
  private boolean isAsking;
  private int count;

  /**
   * @param changed called when some have gone, or come back into the queue
   */
  HandingOver(Time time, Pending pending, Keeping keeping, Endings endings, Runnable changed) {
    this.time = time;
    this.pending = pending;
    this.keeping = keeping;
    this.endings = endings;
    this.changed = changed;
  }

  /** Begins, when there may be another server. */
  void begin() {
    isOn = keeping.mayHandOver();
    more();
  }

  /** To be called when something may have come into the queue. */
  void more() {
    if (!isOn || isAsking) {
      return;
    }
    List<Waiting> some = some();
    if (!some.isEmpty()) {
      isAsking = true;
      keeping.handOver(some.stream().map(this::offered).toList(), said -> heard(some, said));
    }
  }

  private List<Waiting> some() {
    List<Waiting> some = new ArrayList<>();
    while (some.size() < AT_ONCE) {
      Waiting next = pending.next();
      if (next == null) {
        next = pending.pollWaiting();
      }
      if (next == null) {
        break;
      }
      if (next.isRepetition) {
        endings.end(next, Result.ABANDONED, OwnAnswers.TAKEN_OVER);
      } else {
        pending.offer(next);
        some.add(next);
      }
    }
    return some;
  }

  private Offered offered(Waiting waiting) {
    waiting.redate(time.millis(), time.now());
    KeptPush kept = new KeptPush(waiting.push, waiting.attempts, waiting.mayHaveArrived);
    return new Offered(kept, waiting.hasAnyWaiting());
  }

  private void heard(List<Waiting> some, HandedOver said) {
    isAsking = false;
    for (Waiting one : some) {
      // Unless it has expired meanwhile.
      if (pending.comesBack(one)) {
        if (said.taken().contains(one.push.id())) {
          gone(one);
        } else {
          // From now on all goes on here, for as long as there is time.
          isOn = false;
          one.mayHaveArrived |= said.unknown().contains(one.push.id());
          pending.queue(one);
        }
      }
    }
    changed.run();
  }

  private void gone(Waiting waiting) {
    count++;
    waiting.tellAccepted();
    endings.leave(waiting, OwnAnswers.TAKEN_OVER);
  }

  /** How many others go on with. */
  int count() {
    return count;
  }
}
