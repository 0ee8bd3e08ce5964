// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.pushserver.api.AckApi;
import org.pushserver.audit.DeadTokens;
import org.pushserver.audit.OwnerReports;
import org.pushserver.audit.PushLog;
import org.pushserver.config.Doors;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.Surroundings;
import org.pushserver.config.TrailSettings;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.events.PushListener;
import org.pushserver.observe.Meters;
import org.pushserver.observe.Monitoring;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.trail.RepetitionNotes;
import org.pushserver.trail.TrailLimits;
import org.pushserver.trail.TrailRecorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: the applications' verticles, and the HTTP door before them, if it has one. Any
 * thread. It touches nothing of the process that it is in: that is for {@link Main} to do.
 */
public final class Server {
  /** What the door takes for its last answers, and a little more. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  /** In which what a client has begun to send arrives, on a connection to a server that leaves. */
  private static final Duration ARRIVING = Duration.ofSeconds(1);

  /** What the trail takes to write what has ended. */
  private static final Duration LAST_RECORDS = Duration.ofSeconds(4);

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final ApplicationsReload applicationsReload;
  private final Fleet fleet;
  private final Entrances entrances;
  private final Audience audience;
  private final Doors doors;
  private final Monitoring monitoring;
  private final Time time;
  private final ProblemLog problems;
  private volatile Settings settings;
  private volatile Future<Boolean> applying = Future.succeededFuture(false);
  private final Vanished guards;

  /** Null when none is kept. */
  private final TrailRecorder trail;

  private List<String> kept = List.of();
  private volatile List<Problem> found = List.of();

  private Server(
      ApplicationsReload applicationsReload,
      Fleet fleet,
      Entrances entrances,
      Audience audience,
      Monitoring monitoring,
      Time time,
      Vanished guards,
      Doors doors,
      Settings settings,
      TrailRecorder trail) {
    this.applicationsReload = applicationsReload;
    this.guards = guards;
    this.monitoring = monitoring;
    this.time = time;
    this.fleet = fleet;
    this.entrances = entrances;
    this.audience = audience;
    this.doors = doors;
    this.settings = settings;
    this.trail = trail;
    this.problems = new ProblemLog(applicationsReload::consequence);
  }

  /**
   * Starts the applications, then opens the door.
   *
   * @param vertx used for nothing else that sends pushes
   * @param settings what to run
   * @return completes when requests are served; fails when the door cannot be opened, and then
   *     nothing is left of it. An application that cannot run is logged and left out
   */
  public static Future<Server> start(Vertx vertx, Settings settings, Doors doors) {
    return start(vertx, settings, doors, Vanished.PATIENCE);
  }

  /**
   * @param doors which to open
   * @param patience how long what has gone from the configuration is held as before
   */
  static Future<Server> start(Vertx vertx, Settings settings, Doors doors, Duration patience) {
    Time time = new VertxTime(vertx);
    // Before the applications begin to tell of theirs.
    return vertx
        .executeBlocking(() -> listenable(settings, doors))
        .compose(checked -> Monitoring.begin(vertx, EventLoops.contexts(vertx), time))
        .onFailure(cause -> settings.plugins().release())
        .compose(
            monitoring ->
                start(vertx, settings, doors, patience, time, monitoring)
                    .recover(
                        cause -> monitoring.close().transform(end -> Future.failedFuture(cause))));
  }

  private static Settings listenable(Settings wanted, Doors doors) throws ConfigException {
    Settings settings = wanted.usable();
    List<Problem> found = Surroundings.unlistenable(settings, doors);
    if (!found.isEmpty()) {
      throw new ConfigException(found);
    }
    return settings;
  }

  private static Future<Server> start(
      Vertx vertx,
      Settings settings,
      Doors doors,
      Duration patience,
      Time time,
      Monitoring monitoring) {
    DeadTokens dead = new DeadTokens(time.now());
    Meters meters = monitoring.meters();
    TrailRecorder trail = trail(vertx, settings.server().trail(), time);
    Audience audience =
        Audience.open(
            settings.server(),
            time,
            Stream.of(
                    new PushLog(time),
                    meters,
                    dead,
                    trail == null ? null : trail.listener(),
                    trail == null ? null : new RepetitionNotes(trail))
                .filter(Objects::nonNull)
                .toArray(PushListener[]::new));
    AckApi acks = audience.acks(trail, meters, time);
    if (trail != null) {
      meters.requests().tell(trail::refused);
      monitoring.watch(trail);
    }
    QueueMemory memory = new QueueMemory(settings.server().queueMemory());
    meters.watch(memory);
    Fleet fleet =
        new Fleet(
            vertx,
            time,
            audience.listener(),
            settings.server().drainTimeout(),
            memory,
            PushStore.IN_MEMORY,
            audience.guard(),
            settings.server().bus().resultsAddress());
    ApplicationsReload applications =
        new ApplicationsReload(
            vertx,
            fleet,
            OwnerReports.maker(monitoring.meters(), trail),
            new Vanished(time, patience));
    return applications
        .apply(settings, true)
        .compose(
            problems ->
                Entrances.open(vertx, settings, doors, fleet, acks, dead, trail, time, monitoring)
                    .map(
                        entrances ->
                            new Server(
                                    applications,
                                    fleet,
                                    entrances,
                                    audience,
                                    monitoring,
                                    time,
                                    new Vanished(time, patience),
                                    doors,
                                    settings,
                                    trail)
                                .started(problems)))
        .recover(
            cause ->
                fleet
                    .close()
                    .eventually(audience::close)
                    .onComplete(closed -> release(fleet, applications))
                    .eventually(() -> end(trail))
                    .transform(closed -> Future.failedFuture(cause)));
  }

  /** Null when none is kept: then nothing of SQLite is loaded. */
  private static TrailRecorder trail(Vertx vertx, TrailSettings settings, Time time) {
    return settings.isOn()
        ? TrailRecorder.start(
            vertx,
            time,
            new TrailLimits(
                settings.folder(), settings.days(), settings.maxSize(), settings.sample()))
        : null;
  }

  private static Future<Void> end(TrailRecorder trail) {
    return trail == null ? Future.succeededFuture() : trail.stop();
  }

  private static void release(Fleet fleet, ApplicationsReload applications) {
    fleet.release();
    applications.release();
  }

  private Server started(List<Problem> problemsFound) {
    found = problemsFound;
    problems.applied(found);
    monitoring.config().applied(found);
    if (fleet.size() == 0) {
      LOG.error(
          "0 applications run; requests on {} are refused until one does",
          entrances.where(settings.server()));
    } else {
      LOG.info(
          "{} applications run; requests on {}", fleet.size(), entrances.where(settings.server()));
    }
    return this;
  }

  /**
   * Goes on with changed settings, touching only what differs. One call at a time. What is wrong is
   * logged, once, and goes on as before; what has gone does so for a while.
   *
   * @param asked whether somebody says that the files are as they are meant: what has gone is
   *     believed at once
   * @return completes when new pushes meet them, with whether something that stops an application
   *     was found wrong that had not been told before; fails when the server has been stopped, and,
   *     with {@link ConfigException} and nothing changed, when the certificate cannot be used
   */
  Future<Boolean> apply(Settings wanted, boolean asked) {
    Settings changed = guarded(wanted, asked);
    Future<Boolean> applied =
        entrances
            .apply(changed.server())
            .recover(cause -> refused(changed, cause))
            .compose(
                waiting -> {
                  log(waiting, audience.unchangeable(changed.server()));
                  entrances.judgeBy(changed.server());
                  fleet.drainTimeout(changed.server().drainTimeout());
                  fleet.memory().limit(changed.server().queueMemory());
                  return applicationsReload.apply(changed, asked);
                })
            .map(
                problemsFound -> {
                  settings = changed;
                  found = problemsFound;
                  monitoring.config().applied(found);
                  return problems.applied(found);
                });
    applying = applied;
    return applied;
  }

  /** With the guards that have gone, until that is believed: nobody may come in meanwhile. */
  private Settings guarded(Settings wanted, boolean asked) {
    ServerSettings guarded = wanted.server().withGuardsOf(settings.server());
    return guards.isBelieved(gone(wanted.server(), guarded), wanted.server(), asked)
        ? wanted
        : wanted.with(guarded);
  }

  /** Which guards have gone, for the log; empty when none has. */
  private static String gone(ServerSettings wanted, ServerSettings guarded) {
    if (guarded.equals(wanted)) {
      return "";
    }
    boolean ofBus = !guarded.bus().equals(wanted.bus());
    boolean ofServer = !guarded.with(wanted.bus()).equals(wanted);
    return "guards of "
        + (ofServer ? "[server]" : "")
        + (ofServer && ofBus ? " and " : "")
        + (ofBus ? "[bus]" : "")
        + " are";
  }

  /**
   * When to read the configuration again because something that has gone is held as before,
   * milliseconds from now; 0 when nothing is.
   */
  long lookAgainAfter() {
    long guarded = guards.lookAgainAfter();
    long applications = applicationsReload.lookAgainAfter();
    return guarded == 0 || applications == 0
        ? guarded + applications
        : Math.min(guarded, applications);
  }

  private <T> Future<T> refused(Settings refused, Throwable cause) {
    if (refused.plugins() != settings.plugins()) {
      refused.plugins().release();
    }
    return Future.failedFuture(unusable(refused, cause));
  }

  /** A certificate that could be read, and that TLS cannot do anything with all the same. */
  private static ConfigException unusable(Settings settings, Throwable cause) {
    return new ConfigException(
        new Problem(
            Problem.Severity.FATAL,
            settings.general(),
            "server",
            "tls_certificate",
            "TLS cannot use it, or tls_client_ca"
                + " ("
                + Reason.of(cause)
                + "); replace the file"));
  }

  /** Says once what of the settings has to wait for the next start. */
  private void log(List<String> ofDoors, List<String> ofAudience) {
    List<String> waiting = Stream.of(ofDoors, ofAudience).flatMap(List::stream).toList();
    waiting.stream()
        .filter(one -> !kept.contains(one))
        .forEach(one -> LOG.warn("{} {}", settings.general(), one));
    kept = waiting;
  }

  /**
   * Logs why settings cannot be used, once. One call at a time, as {@link #apply}.
   *
   * @return whether something had not been told before
   */
  boolean refuse(List<Problem> problemsFound) {
    found = problemsFound;
    monitoring.config().refused(found);
    return problems.refused(found);
  }

  /** What is wrong with the configuration as it was last read, in use or not. Any thread. */
  List<Problem> problems() {
    return found;
  }

  /**
   * Shows in health that the configuration is not used, though it may be good.
   *
   * @param why what went wrong, in an operator's words
   */
  void failed(String why) {
    monitoring
        .config()
        .refused(
            List.of(
                new Problem(Problem.Severity.FATAL, settings.directory().toString(), "", "", why)));
  }

  /** What these were when they were last applied. Any thread. */
  Settings settings() {
    return settings;
  }

  /** For who only looks at them. */
  RunningApplications applications() {
    return fleet;
  }

  /** The port it listens on; -1 without the HTTP door. */
  public int port() {
    return entrances.port();
  }

  /** The port where health and metrics are; -1 when they are nowhere. */
  public int adminPort() {
    return doors.admin() ? monitoring.port(port()) : Entrances.NO_PORT;
  }

  /**
   * Lets the applications end what was accepted, while the door answers all else with 503; then
   * closes the door.
   *
   * @return completes when all has ended, within {@link #longestStop}
   */
  public Future<Void> stop() {
    return fleet
        .close()
        .eventually(entrances::close)
        .eventually(() -> end(trail))
        // Ended soon: the fleet takes no more.
        .eventually(() -> applying)
        .eventually(audience::close)
        .eventually(monitoring::close)
        .onComplete(gone -> release(fleet, applicationsReload));
  }

  /**
   * Ends as {@link #stop} does, but another server listens on the same ports already, and this one
   * does no more: new connections are its from the first moment, and nobody is told to come again.
   *
   * @return completes when all has ended, within {@link #longestStop}
   */
  Future<Void> handOver() {
    return monitoring
        .leave()
        // What was on its way here is still taken, also on connections that are just open.
        .compose(left -> arrived())
        .compose(all -> answered())
        .eventually(this::stop);
  }

  private Future<Void> answered() {
    Future<Void> answered = entrances.leave(settings.server().drainTimeout());
    return fleet.close().eventually(() -> answered);
  }

  private Future<Void> arrived() {
    Promise<Void> arrived = Promise.promise();
    time.timer(ARRIVING.toMillis(), arrived::complete);
    return arrived.future();
  }

  /**
   * How long {@link #stop} takes at the most: the drain time-out, the last answers, and the last
   * records of the trail.
   */
  public Duration longestStop() {
    return settings.server().drainTimeout().plus(ARRIVING).plus(LAST_ANSWERS).plus(LAST_RECORDS);
  }
}
