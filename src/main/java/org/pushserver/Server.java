// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.config.Settings;
import org.pushserver.dispatch.Catalog;
import org.pushserver.dispatch.Crew;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.PushLog;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.dispatch.Witness;
import org.pushserver.ingress.HttpVerticle;
import org.pushserver.observe.Observation;
import org.pushserver.observe.Pages;
import org.pushserver.spi.Problem;
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

  private final Fleet fleet;
  private final String door;
  private final int port;
  private final Duration drainTimeout;
  private final Vertx vertx;
  private final Observation observation;

  private Server(
      Vertx vertx,
      Observation observation,
      Fleet fleet,
      String door,
      int port,
      Duration drainTimeout) {
    this.vertx = vertx;
    this.observation = observation;
    this.fleet = fleet;
    this.door = door;
    this.port = port;
    this.drainTimeout = drainTimeout;
  }

  /** A Vert.x instance with the event loops that a server uses. */
  public static Vertx vertx() {
    return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
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
    settings.problems().forEach(Server::log);
    return vertx
        .executeBlocking(Catalog::load)
        .compose(
            catalog ->
                vertx
                    .executeBlocking(() -> catalog.prepare(settings.applications()))
                    .compose(crew -> start(vertx, settings, catalog, crew)));
  }

  private static Future<Server> start(Vertx vertx, Settings settings, Catalog catalog, Crew crew) {
    crew.problems().forEach(Server::log);
    Time time = new VertxTime(vertx);
    return Observation.begin(vertx, EVENT_LOOPS, time)
        .compose(observation -> start(vertx, settings, catalog, crew, time, observation));
  }

  private static Future<Server> start(
      Vertx vertx,
      Settings settings,
      Catalog catalog,
      Crew crew,
      Time time,
      Observation observation) {
    Witness witness = Witness.all(new PushLog(), observation.meters());
    Fleet fleet = new Fleet(vertx, time, catalog, witness, settings.server().drainTimeout());
    return fleet
        .start(crew)
        .compose(started -> observation.show(fleet, settings.server().admin()))
        .compose(pages -> open(vertx, settings, fleet, time, pages, observation))
        .recover(
            cause ->
                fleet
                    .close()
                    .eventually(observation::close)
                    .transform(closed -> Future.failedFuture(cause)))
        .onSuccess(
            server ->
                LOG.info(
                    "{} applications run; requests on {}", fleet.size(), server.url(settings)));
  }

  private static Future<Server> open(
      Vertx vertx,
      Settings settings,
      Fleet fleet,
      Time time,
      Pages pages,
      Observation observation) {
    Duration drainTimeout = settings.server().drainTimeout();
    List<HttpVerticle> doors = new ArrayList<>();
    for (int i = 0; i < EVENT_LOOPS; i++) {
      doors.add(new HttpVerticle(settings.server(), fleet, time, pages));
    }
    return vertx
        .deployVerticle(
            new ArrayList<>(doors).iterator()::next,
            new DeploymentOptions().setInstances(EVENT_LOOPS))
        .map(id -> new Server(vertx, observation, fleet, id, doors.get(0).port(), drainTimeout));
  }

  private static void log(Problem problem) {
    switch (problem.severity()) {
      case WARNING -> LOG.warn("{}", problem);
      case ERROR -> LOG.error("{}; this application is disabled", problem);
      case FATAL -> LOG.error("{}", problem);
    }
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** The port where health and metrics are. */
  public int adminPort() {
    return observation.port(port);
  }

  private String url(Settings settings) {
    String scheme = settings.server().tlsCertificate() == null ? "http" : "https";
    return scheme + "://" + settings.server().host() + ":" + port + "/push";
  }

  /**
   * Lets the applications end what was accepted, while the door answers all else with 503; then
   * closes the door.
   *
   * @return completes when all has ended, within {@link #longestStop}
   */
  public Future<Void> stop() {
    return fleet.close().eventually(() -> vertx.undeploy(door)).eventually(observation::close);
  }

  /** How long {@link #stop} takes at the most: the drain time-out and the last answers. */
  public Duration longestStop() {
    return drainTimeout.plus(LAST_ANSWERS);
  }
}
