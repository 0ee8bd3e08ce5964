// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.pushserver.events.Attempt;
import org.pushserver.push.Push;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Time;

/** Makes one attempt after the other to send a push. Confined to one event loop. */
final class Attempts {
  private final Time time;
  private final Pending pending;
  private final Room room;
  private final Ledger ledger;
  private final Keeping keeping;
  private final BiConsumer<Waiting, Attempt> attempted;
  private final BiConsumer<Waiting, RuntimeException> unbuilt;
  private final Runnable sendMore;

  /**
   * @param attempted told when the push service has answered, or could not be asked, unless the
   *     push had ended before
   * @param unbuilt told when nothing can be made of a push
   * @param sendMore called when there is room for another
   */
  Attempts(
      Time time,
      Pending pending,
      Room room,
      Ledger ledger,
      Keeping keeping,
      BiConsumer<Waiting, Attempt> attempted,
      BiConsumer<Waiting, RuntimeException> unbuilt,
      Runnable sendMore) {
    this.time = time;
    this.pending = pending;
    this.room = room;
    this.ledger = ledger;
    this.keeping = keeping;
    this.attempted = attempted;
    this.unbuilt = unbuilt;
    this.sendMore = sendMore;
  }

  /**
   * Makes an attempt.
   *
   * @param over where it goes
   * @param began now, by {@link Time#nanos}
   */
  void make(Waiting waiting, ActiveService over, long began) {
    long startedAt = time.now();
    waiting.redate(TimeUnit.NANOSECONDS.toMillis(began), startedAt);
    Push push = waiting.push;
    Payload payload;
    try {
      payload = over.payload(push, startedAt);
    } catch (RuntimeException e) {
      unbuilt.accept(waiting, e);
      return;
    }
    pending.send(waiting);
    keeping.note(waiting, true);
    room.sent();
    over.send(push, payload)
        .onComplete(
            (answer, cause) -> {
              over.attemptEnded();
              room.attemptEnded();
              // Unless it has expired, or was given up, and then has counted this attempt already.
              boolean inTime = pending.comesBack(waiting);
              int number = inTime ? waiting.attempts + 1 : waiting.attempts;
              long took = time.nanos() - began;
              Attempt attempt = new Attempt(number, payload, answer, cause, startedAt, took);
              if (inTime) {
                attempted.accept(waiting, attempt);
              } else {
                ledger.late(waiting, attempt);
              }
              sendMore.run();
            });
  }
}
