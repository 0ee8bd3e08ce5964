// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.concurrent.atomic.AtomicLong;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.spi.Time;

/** What is counted of one application's pushes of one event. Any thread. */
final class EventMeters {
  private final String event;
  private final byte[] label;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong joined = new AtomicLong();
  private final CountsBy<Result> ended = new CountsBy<>(Result.class);
  private final Durations queued;
  private final Durations lasted;

  /**
   * @param event as it is shown
   */
  EventMeters(String event, Time time) {
    this.event = event;
    this.label = MetricsText.label("event", event);
    this.queued = new Durations(time);
    this.lasted = new Durations(time);
  }

  String event() {
    return event;
  }

  void accepted() {
    accepted.getAndIncrement();
  }

  void joined() {
    joined.getAndIncrement();
  }

  /**
   * @param ms from acceptance to the first attempt
   */
  void queued(long ms) {
    queued.record(MILLISECONDS.toNanos(ms));
  }

  /**
   * @param ms from acceptance to the end
   */
  void ended(Outcome outcome, long ms) {
    ended.increment(outcome.result());
    if (outcome.result() != Result.OVERLOADED) {
      lasted.record(MILLISECONDS.toNanos(ms));
    }
  }

  /** The event, to be shown behind the application. */
  byte[] label() {
    return label;
  }

  long numberAccepted() {
    return accepted.get();
  }

  long numberJoined() {
    return joined.get();
  }

  long numberEnded(Result result) {
    return ended.of(result);
  }

  Durations timesQueued() {
    return queued;
  }

  Durations timesLasted() {
    return lasted;
  }
}
