// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.pushserver.spi.Time;

/**
 * The pushes whose callers wait and that have not been here for long, in the order in which they
 * came: one that takes longer than the others is to be kept. One timer for all, and none when there
 * are none. Confined to one event loop.
 */
final class Lingering {
  /** Where one stands; empty when that has ended. */
  static final class Place {
    private final long until;
    private Waiting waiting;

    private Place(Waiting waiting, long until) {
      this.waiting = waiting;
      this.until = until;
    }
  }

  private final Time time;
  private final long patienceMs;
  private final Consumer<Waiting> takesLong;
  private final Alarm alarm;
  private final Deque<Place> places = new ArrayDeque<>();

  /**
   * @param patienceMs after how long a push takes long; 0 when that does not matter
   * @param takesLong told of one that does, once
   */
  Lingering(Time time, long patienceMs, Consumer<Waiting> takesLong) {
    this.time = time;
    this.patienceMs = patienceMs;
    this.takesLong = takesLong;
    this.alarm = new Alarm(time, this::look);
  }

  /** One has come. */
  void add(Waiting waiting) {
    if (patienceMs > 0) {
      long until = time.millis() + patienceMs;
      Place place = new Place(waiting, until);
      waiting.lingers = place;
      places.add(place);
      alarm.noLaterThan(until);
    }
  }

  /** One has ended, or is kept already. */
  static void remove(Waiting waiting) {
    if (waiting.lingers != null) {
      waiting.lingers.waiting = null;
      waiting.lingers = null;
    }
  }

  private void look() {
    long now = time.millis();
    int seen = 0;
    Place first = places.peek();
    while (first != null
        && (first.waiting == null || (first.until <= now && seen < InTurns.AT_A_TIME))) {
      places.remove();
      Waiting waiting = first.waiting;
      if (waiting != null) {
        seen++;
        remove(waiting);
        takesLong.accept(waiting);
      }
      first = places.peek();
    }
    if (first != null) {
      alarm.noLaterThan(first.until);
    }
  }
}
