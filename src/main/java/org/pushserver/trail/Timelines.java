// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.function.Consumer;
import org.pushserver.events.PushListener;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Time;

/** Entries as the trail has them, for who does not keep them: there need be no trail. */
public final class Timelines {
  private Timelines() {}

  /**
   * Listens to the pushes of one application, and makes an entry of each that has ended. To be made
   * and told on the event loop of the application.
   *
   * @param app the application
   * @param time the clock
   * @param ended takes the entries, on the same event loop
   */
  public static PushListener of(AppKey app, Time time, Consumer<TrailEntry> ended) {
    TrailIntake intake =
        new TrailIntake() {
          @Override
          public void offer(TrailDraft draft) {
            ended.accept(draft.entry());
          }

          @Override
          public void offer(TrailNote note) {
            // Who was told of the end is not told of what follows.
          }
        };
    return new TrailListener(app, intake, time, gone -> {});
  }
}
