// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.pushserver.api.AckApi;
import org.pushserver.config.HepSettings;
import org.pushserver.config.ServerSettings;
import org.pushserver.dispatch.RecentPushes;
import org.pushserver.events.PushListener;
import org.pushserver.hep.Homer;
import org.pushserver.observe.Meters;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;

/** All who are told of every push, whichever application it is of. Any thread. */
final class Audience {
  private final HepSettings started;
  private final PushListener listener;

  /** Null when it is not configured, and then no class of it is loaded. */
  private final Homer homer;

  /** Null when nothing is taken that phones say. */
  private final RecentPushes recent;

  private Audience(HepSettings started, PushListener listener, Homer homer, RecentPushes recent) {
    this.started = started;
    this.listener = listener;
    this.homer = homer;
    this.recent = recent;
  }

  /**
   * Those of the server itself, and whom the settings name.
   *
   * @param own told first, in this order
   */
  static Audience open(ServerSettings settings, Time time, PushListener... own) {
    Homer homer = settings.hep() == null ? null : Homer.open(settings.hep(), settings.port(), time);
    RecentPushes recent = settings.acks() ? new RecentPushes(time) : null;
    PushListener[] all =
        Stream.concat(Stream.of(own), Stream.of(homer, recent).filter(Objects::nonNull))
            .toArray(PushListener[]::new);
    return new Audience(settings.hep(), PushListener.all(all), homer, recent);
  }

  /** Knows which rings may be pushed once more. */
  RepeatGuard guard() {
    return recent == null ? RepeatGuard.NEVER : recent;
  }

  /** Takes what is said of phones. */
  AckApi acks(Trail trail, Meters meters, Time time) {
    return recent == null
        ? AckApi.OFF
        : new AckApi(recent, Optional.ofNullable(trail), meters.acks(), time);
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
