// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.function.Consumer;
import org.pushserver.events.PushListener;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Time;

/** Entries of the trail for who wants them without keeping them. */
public final class Timelines {
  private Timelines() {}

  /**
   * Listens to the pushes of one application, and makes an entry of each that has ended.
   *
   * @param app the application
   * @param time the clock
   * @param ended takes the entries, on the event loop of the application
   */
  public static PushListener of(AppKey app, Time time, Consumer<TrailEntry> ended) {
    throw new UnsupportedOperationException();
  }
}
