// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import org.pushserver.config.Settings;
import org.pushserver.dispatch.Catalog;
import org.pushserver.dispatch.Crew;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.ingress.Door;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: the applications' verticles, and the HTTP door before them. Any thread. */
public final class Server {
  /** How long accepted pushes are worked on after the server was told to stop. */
  static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(15);

  /** As many as cores: more only take turns. A router verticle runs on each. */
  private static final int EVENT_LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final Fleet fleet;
  private final Door door;

  private Server(Fleet fleet, Door door) {
    this.fleet = fleet;
    this.door = door;
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
    Fleet fleet = new Fleet(vertx, time, catalog, DRAIN_TIMEOUT);
    return fleet
        .start(crew)
        .compose(started -> open(vertx, settings, fleet, time))
        .onSuccess(
            server ->
                LOG.info(
                    "{} applications run; requests on {}", fleet.size(), server.url(settings)));
  }

  private static Future<Server> open(Vertx vertx, Settings settings, Fleet fleet, Time time) {
    return Door.open(vertx, EVENT_LOOPS, settings.server(), fleet, time)
        .map(door -> new Server(fleet, door))
        .recover(cause -> fleet.close().transform(closed -> Future.failedFuture(cause)));
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
    return door.port();
  }

  private String url(Settings settings) {
    String scheme = settings.server().tls() == null ? "http" : "https";
    return scheme + "://" + settings.server().host() + ":" + port() + "/push";
  }

  /**
   * Lets the applications end what was accepted, while the door answers all else with 503; then
   * closes the door.
   *
   * @return completes when all has ended, a few seconds after the drain time-out at the latest
   */
  public Future<Void> stop() {
    return fleet.close().eventually(door::close);
  }
}
