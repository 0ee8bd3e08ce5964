// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.pushserver.api.AckApi;
import org.pushserver.api.ApiParts;
import org.pushserver.audit.DeadTokens;
import org.pushserver.audit.OwnerReports;
import org.pushserver.audit.PushLog;
import org.pushserver.cli.Version;
import org.pushserver.cluster.VertxNodes;
import org.pushserver.config.ClusterSettings;
import org.pushserver.config.Doors;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.Surroundings;
import org.pushserver.config.TrailSettings;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.OtherServers;
import org.pushserver.dispatch.ServiceExtension;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.events.PushListener;
import org.pushserver.observe.Meters;
import org.pushserver.observe.Monitoring;
import org.pushserver.queue.DiskAndCopies;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;
import org.pushserver.trail.RepetitionNotes;
import org.pushserver.trail.TrailLimits;
import org.pushserver.trail.TrailRecorder;

/** The start of a server: makes its parts, and opens its doors when they run. Any thread. */
final class ServerStart {
  private final Vertx vertx;
  private final Settings settings;
  private final Doors doors;
  private final Duration patience;
  private final TokenStores.Opening stores;
  private final Time time;
  private final Monitoring monitoring;

  /** Null when this server is alone: then nothing of a cluster is loaded. */
  private final VertxNodes nodes;

  /** Null when there is none: then nothing of it is loaded. */
  private final SpoolUpkeep spool;

  private ServerStart(
      Vertx vertx,
      Settings settings,
      Doors doors,
      Duration patience,
      TokenStores.Opening stores,
      Time time,
      Monitoring monitoring,
      VertxNodes nodes,
      SpoolUpkeep spool) {
    this.vertx = vertx;
    this.settings = settings;
    this.doors = doors;
    this.patience = patience;
    this.stores = stores;
    this.time = time;
    this.monitoring = monitoring;
    this.nodes = nodes;
    this.spool = spool;
  }

  /** As {@link Server#start}. */
  static Future<Server> of(
      Vertx vertx, Settings settings, Doors doors, Duration patience, TokenStores.Opening stores) {
    Time time = new VertxTime(vertx);
    // Before the applications begin to tell of theirs.
    return vertx
        .executeBlocking(() -> listenable(settings, doors))
        .compose(checked -> Monitoring.begin(vertx, EventLoops.contexts(vertx), time))
        .onFailure(cause -> settings.plugins().release())
        .compose(
            monitoring ->
                vertx
                    .executeBlocking(() -> spool(vertx, settings, doors, time))
                    .compose(
                        spool ->
                            nodes(vertx, settings, time)
                                .onFailure(cause -> close(spool))
                                .compose(
                                    nodes ->
                                        new ServerStart(
                                                vertx,
                                                settings,
                                                doors,
                                                patience,
                                                stores,
                                                time,
                                                monitoring,
                                                nodes,
                                                spool)
                                            .start()))
                    .recover(
                        cause -> monitoring.close().transform(end -> Future.failedFuture(cause))));
  }

  private static void close(SpoolUpkeep spool) {
    if (spool != null) {
      Future<Void> unused = spool.close();
    }
  }

  private static Future<VertxNodes> nodes(Vertx vertx, Settings settings, Time time) {
    ClusterSettings cluster = settings.server().cluster();
    return cluster == null
        ? Future.succeededFuture()
        : VertxNodes.open(vertx, time, cluster.name(), cluster.node(), Version.current());
  }

  private static SpoolUpkeep spool(Vertx vertx, Settings settings, Doors doors, Time time)
      throws ConfigException {
    return settings.server().spool().isOn()
        ? SpoolUpkeep.open(vertx, time, settings, doors.equals(Doors.TAKEN_OVER))
        : null;
  }

  private static Settings listenable(Settings wanted, Doors doors) throws ConfigException {
    Settings settings = wanted.usable();
    List<Problem> found = Surroundings.unlistenable(settings, doors);
    if (!found.isEmpty()) {
      throw new ConfigException(found);
    }
    return settings;
  }

  private Future<Server> start() {
    ServerParts parts = parts();
    return parts
        .applications()
        .apply(settings, true)
        .onSuccess(
            problems -> {
              if (spool != null) {
                spool.watch(parts.fleet());
              }
            })
        .compose(
            problems ->
                Entrances.open(vertx, settings, doors, parts)
                    .map(entrances -> started(parts, entrances, problems)))
        .recover(
            cause ->
                parts
                    .end(Duration.ZERO, Future::succeededFuture)
                    .onComplete(ended -> parts.release())
                    .transform(ended -> Future.failedFuture(cause)));
  }

  private Server started(ServerParts parts, Entrances entrances, List<Problem> problems) {
    if (nodes != null && entrances.port() != Entrances.NO_PORT) {
      ServerSettings server = settings.server();
      parts.cluster().opened(server.cluster(), server.host(), entrances.port());
    }
    return new Server(parts, entrances, new Vanished(time, patience), doors, settings)
        .started(problems);
  }

  private ServerParts parts() {
    DeadTokens dead = new DeadTokens(time.now());
    Meters meters = monitoring.meters();
    TrailRecorder trail = trail();
    TokenUpkeep upkeep =
        TokenUpkeep.of(
            stores.open(vertx, settings.server(), time),
            settings.server().tokens().maxAgeDays(),
            monitoring,
            time);
    Audience audience = audience(dead, trail, upkeep);
    if (trail != null) {
      meters.requests().tell(trail::refused);
      monitoring.watch(trail);
    }
    if (spool != null) {
      monitoring.watch(spool.store());
    }
    QueueMemory memory = new QueueMemory(settings.server().queueMemory());
    meters.watch(memory);
    ClusterParts cluster = nodes == null ? null : cluster(memory, trail);
    OtherServers others = cluster == null ? OtherServers.NONE : cluster.acknowledgements();
    AckApi acks = audience.acks(trail, others, meters, time);
    Fleet fleet = fleet(audience, memory, cluster);
    Dispatcher dispatcher = cluster == null ? fleet : cluster.start(fleet);
    ApplicationsReload applications =
        new ApplicationsReload(
            vertx,
            fleet,
            OwnerReports.maker(meters, trail),
            cluster == null ? ServiceExtension.NONE : cluster.ways(),
            new Vanished(time, patience));
    return new ServerParts(
        applications,
        fleet,
        new ApiParts(dispatcher, acks, upkeep.store(), time),
        audience,
        dead,
        trail,
        upkeep,
        spool,
        monitoring,
        nodes,
        cluster,
        time);
  }

  private ClusterParts cluster(QueueMemory memory, TrailRecorder trail) {
    return ClusterParts.of(
        vertx, nodes, time, EventLoops.contexts(vertx).get(0), memory, trail, monitoring);
  }

  private PushStore store(ClusterParts cluster) {
    PushStore copies = cluster == null ? PushStore.IN_MEMORY : cluster.store();
    if (spool == null) {
      return copies;
    }
    return cluster == null ? spool.store() : new DiskAndCopies(spool.store(), copies);
  }

  private Audience audience(DeadTokens dead, TrailRecorder trail, TokenUpkeep upkeep) {
    return Audience.open(
        settings.server(),
        time,
        Stream.of(
                new PushLog(time),
                monitoring.meters(),
                dead,
                upkeep.listener(),
                trail == null ? null : trail.listener(),
                trail == null ? null : new RepetitionNotes(trail))
            .filter(Objects::nonNull)
            .toArray(PushListener[]::new));
  }

  private Fleet fleet(Audience audience, QueueMemory memory, ClusterParts cluster) {
    return new Fleet(
        vertx,
        time,
        cluster == null
            ? audience.listener()
            : PushListener.all(audience.listener(), cluster.listener()),
        settings.server().drainTimeout(),
        memory,
        store(cluster),
        audience.guard(),
        settings.server().bus().resultsAddress());
  }

  /** Null when none is kept: then nothing of SQLite is loaded. */
  private TrailRecorder trail() {
    TrailSettings wanted = settings.server().trail();
    return wanted.isOn()
        ? TrailRecorder.start(
            vertx,
            time,
            new TrailLimits(wanted.folder(), wanted.days(), wanted.maxSize(), wanted.sample()))
        : null;
  }
}
