// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.List;
import org.pushserver.api.LivePolicy;
import org.pushserver.audit.PushLog;
import org.pushserver.config.ListenAddress;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.Surroundings;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.events.PushListener;
import org.pushserver.ingress.HttpIngress;
import org.pushserver.observe.Monitoring;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.route.GatheringTransport;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: the applications' verticles, and the HTTP door before them. Any thread. */
public final class Server {
  /** What the door takes for its last answers, and a little more. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  /** As many as cores: more only take turns. A router verticle runs on each. */
  private static final int EVENT_LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final ApplicationsReload applicationsReload;
  private final Fleet fleet;
  private final HttpIngress ingress;
  private final LivePolicy policy;
  private final Monitoring monitoring;
  private final ProblemLog problems;
  private volatile Settings settings;
  private volatile Future<Boolean> applying = Future.succeededFuture(false);
  private final Vanished guards;
  private List<String> kept = List.of();

  private Server(
      ApplicationsReload applicationsReload,
      Fleet fleet,
      HttpIngress ingress,
      LivePolicy policy,
      Monitoring monitoring,
      Vanished guards,
      Settings settings) {
    this.applicationsReload = applicationsReload;
    this.guards = guards;
    this.monitoring = monitoring;
    this.fleet = fleet;
    this.ingress = ingress;
    this.policy = policy;
    this.settings = settings;
    this.problems = new ProblemLog(applicationsReload::consequence);
  }

  /** A Vert.x instance with the event loops that a server uses. */
  public static Vertx vertx() {
    return Vertx.builder()
        .withTransport(GatheringTransport.create())
        .with(
            new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setAddressResolverOptions(names())
                .setFileSystemOptions(noCache()))
        .build()
        .exceptionHandler(Server::uncaught);
  }

  private static void uncaught(Throwable cause) {
    Logging.fault(
        "something failed that nobody was waiting for, which is a fault of Pushserver; it goes on",
        cause);
  }

  /** Nothing is unpacked from the jar, so no folder for it is needed: it may not be writable. */
  private static FileSystemOptions noCache() {
    return new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
  }

  /**
   * How names are looked up: for each connection anew, so that none leads where a push service no
   * longer is, and whose addresses take turns. An alias (CNAME) alone is kept for as long as its
   * name server says. The hosts file is read once.
   */
  static AddressResolverOptions names() {
    return new AddressResolverOptions().setCacheMaxTimeToLive(0).setRoundRobinInetAddress(true);
  }

  /**
   * Starts the applications, then opens the door.
   *
   * @param vertx used for nothing else that sends pushes
   * @param settings what to run
   * @return completes when requests are served; fails when the door cannot be opened. An
   *     application that cannot run is logged and left out
   */
  public static Future<Server> start(Vertx vertx, Settings settings) {
    return start(vertx, settings, Vanished.PATIENCE);
  }

  /**
   * @param patience how long what has gone from the configuration is held as before
   */
  static Future<Server> start(Vertx vertx, Settings settings, Duration patience) {
    Time time = new VertxTime(vertx);
    // Before the applications begin to tell of theirs.
    return vertx
        .executeBlocking(() -> listenable(settings))
        .compose(checked -> Monitoring.begin(vertx, EVENT_LOOPS, time))
        .compose(
            monitoring ->
                start(vertx, settings, patience, time, monitoring)
                    .recover(
                        cause -> monitoring.close().transform(end -> Future.failedFuture(cause))));
  }

  private static Settings listenable(Settings wanted) throws ConfigException {
    Settings settings = wanted.usable();
    List<Problem> found = Surroundings.unlistenable(settings.directory(), settings.server());
    if (!found.isEmpty()) {
      throw new ConfigException(found);
    }
    return settings;
  }

  private static Future<Server> start(
      Vertx vertx, Settings settings, Duration patience, Time time, Monitoring monitoring) {
    PushListener listener = PushListener.all(new PushLog(time), monitoring.meters());
    QueueMemory memory = new QueueMemory(settings.server().queueMemory());
    monitoring.meters().watch(memory);
    Fleet fleet =
        new Fleet(
            vertx, time, listener, settings.server().drainTimeout(), memory, PushStore.IN_MEMORY);
    ApplicationsReload applications =
        new ApplicationsReload(vertx, fleet, new Vanished(time, patience));
    return applications
        .apply(settings, true)
        .compose(
            problems ->
                open(vertx, settings, patience, applications, fleet, time, monitoring)
                    .map(server -> server.started(problems)));
  }

  private static Future<Server> open(
      Vertx vertx,
      Settings settings,
      Duration patience,
      ApplicationsReload applicationsReload,
      Fleet fleet,
      Time time,
      Monitoring monitoring) {
    LivePolicy policy = new LivePolicy(settings.server(), time);
    return monitoring
        .show(fleet, settings.server().admin())
        .compose(
            pages ->
                HttpIngress.open(
                    vertx,
                    EVENT_LOOPS,
                    settings.server(),
                    policy,
                    fleet,
                    time,
                    pages,
                    monitoring.meters().requests()))
        .map(
            ingress ->
                new Server(
                    applicationsReload,
                    fleet,
                    ingress,
                    policy,
                    monitoring,
                    new Vanished(time, patience),
                    settings))
        .recover(cause -> fleet.close().transform(closed -> Future.failedFuture(cause)));
  }

  private Server started(List<Problem> found) {
    problems.applied(found);
    monitoring.config().applied(found);
    if (fleet.size() == 0) {
      LOG.error("0 applications run; requests on {} are refused until one does", url());
    } else {
      LOG.info("{} applications run; requests on {}", fleet.size(), url());
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
        ingress
            .apply(changed.server())
            .recover(cause -> refused(changed, cause))
            .compose(
                waiting -> {
                  log(waiting);
                  policy.apply(changed.server());
                  fleet.drainTimeout(changed.server().drainTimeout());
                  fleet.memory().limit(changed.server().queueMemory());
                  return applicationsReload.apply(changed, asked);
                })
            .map(
                found -> {
                  settings = changed;
                  monitoring.config().applied(found);
                  return problems.applied(found);
                });
    applying = applied;
    return applied;
  }

  /** With the guards that have gone, until that is believed: nobody may come in meanwhile. */
  private Settings guarded(Settings wanted, boolean asked) {
    ServerSettings guarded = wanted.server().withGuardsOf(settings.server());
    boolean gone = !guarded.equals(wanted.server());
    return guards.isBelieved(gone ? "guards of [server] are" : "", wanted.server(), asked)
        ? wanted
        : wanted.with(guarded);
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
            settings.directory().resolve("general.ini").toString(),
            "server",
            "tls_certificate",
            "TLS cannot use it, or tls_client_ca"
                + " ("
                + Reason.of(cause)
                + "); replace the file"));
  }

  /** Says once what of the settings has to wait for the next start. */
  private void log(List<String> waiting) {
    waiting.stream()
        .filter(one -> !kept.contains(one))
        .forEach(one -> LOG.warn("general.ini {}", one));
    kept = waiting;
  }

  /**
   * Logs why settings cannot be used, once. One call at a time, as {@link #apply}.
   *
   * @return whether something had not been told before
   */
  boolean refuse(List<Problem> found) {
    monitoring.config().refused(found);
    return problems.refused(found);
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

  /** The port it listens on. */
  public int port() {
    return ingress.port();
  }

  /** The port where health and metrics are. */
  public int adminPort() {
    return monitoring.port(port());
  }

  private String url() {
    String scheme = settings.server().tls() == null ? "http" : "https";
    return scheme + "://" + ListenAddress.text(settings.server().host(), port()) + "/push";
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
        .eventually(ingress::close)
        // Ended soon: the fleet takes no more.
        .eventually(() -> applying)
        .eventually(monitoring::close)
        .onComplete(gone -> applicationsReload.release());
  }

  /** How long {@link #stop} takes at the most: the drain time-out and the last answers. */
  public Duration longestStop() {
    return settings.server().drainTimeout().plus(LAST_ANSWERS);
  }
}
