// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.pushserver.config.Doors;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Reason;
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

  private final ServerParts parts;
  private final Entrances entrances;
  private final Doors doors;
  private final ProblemLog problems;
  private final Vanished guards;
  private volatile Settings settings;
  private volatile Future<Boolean> applying = Future.succeededFuture(false);
  private List<String> kept = List.of();
  private volatile List<Problem> found = List.of();

  /**
   * @param entrances what is open before the parts
   * @param guards what of them has gone from the configuration
   * @param settings what was started
   */
  Server(ServerParts parts, Entrances entrances, Vanished guards, Doors doors, Settings settings) {
    this.parts = parts;
    this.entrances = entrances;
    this.guards = guards;
    this.doors = doors;
    this.settings = settings;
    this.problems = new ProblemLog(parts.applications()::consequence);
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
    return start(vertx, settings, doors, patience, TokenStores::open);
  }

  /**
   * @param stores opens where the devices of accounts are
   */
  static Future<Server> start(
      Vertx vertx, Settings settings, Doors doors, Duration patience, TokenStores.Opening stores) {
    return ServerStart.of(vertx, settings, doors, patience, stores);
  }

  /** Says that it has begun, and what was found wrong. */
  Server started(List<Problem> problemsFound) {
    found = problemsFound;
    problems.applied(found);
    parts.monitoring().config().applied(found);
    if (parts.fleet().size() == 0) {
      LOG.error(
          "0 applications run; requests on {} are refused until one does",
          entrances.where(settings.server()));
    } else {
      LOG.info(
          "{} applications run; requests on {}",
          parts.fleet().size(),
          entrances.where(settings.server()));
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
                  log(waiting, parts.audience().unchangeable(changed.server()));
                  entrances.judgeBy(changed.server());
                  parts.fleet().drainTimeout(changed.server().drainTimeout());
                  parts.fleet().memory().limit(changed.server().queueMemory());
                  return parts.applications().apply(changed, asked);
                })
            .map(
                problemsFound -> {
                  settings = changed;
                  found = problemsFound;
                  parts.monitoring().config().applied(found);
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
    long applications = parts.applications().lookAgainAfter();
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
    parts.monitoring().config().refused(found);
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
    parts
        .monitoring()
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
    return parts.fleet();
  }

  /** The port it listens on; -1 without the HTTP door. */
  public int port() {
    return entrances.port();
  }

  /** The port where health and metrics are; -1 when they are nowhere. */
  public int adminPort() {
    return doors.admin() ? parts.monitoring().port(port()) : Entrances.NO_PORT;
  }

  /**
   * Lets the applications end what was accepted, while the door answers all else with 503; then
   * closes the door.
   *
   * @return completes when all has ended, within {@link #longestStop}
   */
  public Future<Void> stop() {
    return parts
        .end(
            settings.server().drainTimeout(),
            () ->
                entrances
                    .close()
                    // Ended soon: the fleet takes no more.
                    .eventually(() -> applying))
        .eventually(parts.monitoring()::close)
        .onComplete(gone -> parts.release());
  }

  /**
   * Ends as {@link #stop} does, but another server listens on the same ports already, and this one
   * does no more: new connections are its from the first moment, and nobody is told to come again.
   *
   * @return completes when all has ended, within {@link #longestStop}
   */
  Future<Void> handOver() {
    parts.tokens().share();
    return parts
        .monitoring()
        .leave()
        // What was on its way here is still taken, also on connections that are just open.
        .compose(left -> arrived())
        .compose(all -> answered())
        .eventually(this::stop);
  }

  private Future<Void> answered() {
    Future<Void> answered = entrances.leave(settings.server().drainTimeout());
    return parts.fleet().close().eventually(() -> answered);
  }

  private Future<Void> arrived() {
    Promise<Void> arrived = Promise.promise();
    parts.time().timer(ARRIVING.toMillis(), arrived::complete);
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
