// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.pushserver.config.HepSettings;
import org.pushserver.config.ServerSettings;
import org.pushserver.events.PushListener;
import org.pushserver.hep.Homer;
import org.pushserver.spi.Time;

/** All who are told of every push, whichever application it is of. Any thread. */
final class Audience {
  private final HepSettings started;
  private final PushListener listener;

  /** Null when it is not configured, and then no class of it is loaded. */
  private final Homer homer;

  private Audience(HepSettings started, PushListener listener, Homer homer) {
    this.started = started;
    this.listener = listener;
    this.homer = homer;
  }

  /**
   * Those of the server itself, and whom the settings name.
   *
   * @param own told first, in this order
   */
  static Audience open(ServerSettings settings, Time time, PushListener... own) {
    if (settings.hep() == null) {
      return new Audience(null, PushListener.all(own), null);
    }
    Homer homer = Homer.open(settings.hep(), settings.port(), time);
    PushListener[] all =
        Stream.concat(Stream.of(own), Stream.of(homer)).toArray(PushListener[]::new);
    return new Audience(settings.hep(), PushListener.all(all), homer);
  }

  PushListener listener() {
    return listener;
  }

  /** What cannot change before the next start, each in an operator's words. */
  List<String> unchangeable(ServerSettings wanted) {
    return Objects.equals(started, wanted.hep())
        ? List.of()
        : List.of(
            "hep_url and its like: %s until the next start"
                .formatted(
                    started == null
                        ? "Homer is told nothing"
                        : "Homer is told as before, at " + started.url()));
  }

  /** To be called when no push ends any more; completes soon. */
  Future<Void> close() {
    return homer == null ? Future.succeededFuture() : homer.close();
  }
}
