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
import org.pushserver.config.SpoolSettings;
import org.pushserver.config.TrailSettings;
import org.pushserver.dispatch.OtherServers;
import org.pushserver.dispatch.RecentPushes;
import org.pushserver.events.PushListener;
import org.pushserver.hep.Homer;
import org.pushserver.observe.Meters;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;

/** All who are told of every push, whichever application it is of. Any thread. */
final class Audience {
  /** As it was at the start. */
  private final ServerSettings started;

  private final PushListener listener;

  /** Null when it is not configured, and then no class of it is loaded. */
  private final Homer homer;

  /** Null when nothing is taken that phones say. */
  private final RecentPushes recent;

  private Audience(
      ServerSettings started, PushListener listener, Homer homer, RecentPushes recent) {
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
    return new Audience(settings, PushListener.all(all), homer, recent);
  }

  /** Knows which rings may be pushed once more. */
  RepeatGuard guard() {
    return recent == null ? RepeatGuard.NEVER : recent;
  }

  /**
   * Takes what is said of phones.
   *
   * @param others of a cluster, which may know a push that this one does not
   */
  AckApi acks(Trail trail, OtherServers others, Meters meters, Time time) {
    return recent == null
        ? AckApi.off(others)
        : new AckApi(recent, Optional.ofNullable(trail), others, meters.acks(), time);
  }

  PushListener listener() {
    return listener;
  }

  /** What cannot change before the next start, each in an operator's words. */
  List<String> unchangeable(ServerSettings wanted) {
    return Stream.of(
            changed(started.hep(), wanted.hep(), "hep_url and its like", homer(started.hep())),
            changed(started.acks(), wanted.acks(), "acks", phones(started.acks())),
            changed(
                inUse(started.trail()),
                inUse(wanted.trail()),
                "trail, state_dir and their like",
                records(started.trail())),
            changed(
                started.tokens().withMaxAge(wanted.tokens().maxAgeDays()),
                wanted.tokens(),
                "[tokens]",
                "stored tokens stay where they are"),
            changed(
                started.tokens().maxAgeDays(),
                wanted.tokens().maxAgeDays(),
                "token_max_age",
                age(started.tokens().maxAgeDays())),
            changed(
                started.cassandra(),
                wanted.cassandra(),
                "[Cassandra]",
                "tokens are stored where they were"),
            changed(
                inUse(started.spool()),
                inUse(wanted.spool()),
                "spool, spool_after and state_dir",
                started.spool().isOn()
                    ? "pushes are kept as before, in " + started.spool().folder()
                    : "pushes are not kept on disk"))
        .flatMap(Optional::stream)
        .toList();
  }

  private static String age(int days) {
    return days == 0
        ? "devices stay however long they are not seen"
        : "devices that are not seen go after " + days + " days";
  }

  private static Optional<String> changed(Object was, Object wanted, String keys, String now) {
    return Objects.equals(was, wanted)
        ? Optional.empty()
        : Optional.of(keys + ": " + now + " until the next start");
  }

  private static String homer(HepSettings started) {
    return started == null
        ? "Homer is told nothing"
        : "Homer is told as before, at " + started.url();
  }

  private static String phones(boolean started) {
    return started ? "what phones say is taken as before" : "nothing is taken of what phones say";
  }

  /** Nothing of it matters while it is off. */
  private static TrailSettings inUse(TrailSettings settings) {
    return settings.isOn() ? settings : TrailSettings.OFF;
  }

  private static SpoolSettings inUse(SpoolSettings settings) {
    return settings.isOn() ? settings : SpoolSettings.OFF;
  }

  private static String records(TrailSettings started) {
    return started.isOn()
        ? "records of pushes are kept as before, in " + started.folder()
        : "no record of pushes is kept";
  }

  /** To be called when no push ends any more; completes soon. */
  Future<Void> close() {
    return homer == null ? Future.succeededFuture() : homer.close();
  }
}
