// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.concurrent.TimeUnit;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Reason;

/** Puts down the rings that were pushed once more after their end. Any thread. */
public final class RepetitionNotes implements PushListener {
  private final Trail trail;

  public RepetitionNotes(Trail trail) {
    this.trail = trail;
  }

  @Override
  public void repeated(Push push, Attempt attempt) {
    Response said = attempt.answer() == null ? null : attempt.answer().response();
    trail.note(
        new TrailNote(
            push.id(),
            push.app(),
            push.callId(),
            new TrailStep(
                TrailStep.What.REPEATED,
                attempt.startedAt(),
                attempt.number(),
                said == null ? 0 : said.code(),
                said == null ? Reason.of(attempt.failure()) : said.reason(),
                TimeUnit.NANOSECONDS.toMillis(attempt.tookNanos()),
                attempt.payload().headers().getOrDefault("apns-topic", ""),
                0)));
  }
}
