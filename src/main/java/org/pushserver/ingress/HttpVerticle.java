// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.pushserver.config.ServerSettings;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.observe.Pages;
import org.pushserver.observe.RequestMeters;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.spi.Time;

/**
 * One router verticle of a door: routes, and what has to hold before them. It starts once it
 * listens, and fails to start when the port is taken or the certificate is no good.
 */
final class HttpVerticle extends VerticleBase {
  private static final long LAST_ANSWERS_S = 2;
  private static final String WELCOME = "\"Welcome to Pushserver\"";

  private final ServerSettings settings;
  private final Dispatcher dispatcher;
  private final Time time;
  private final Pages pages;
  private final Lobby lobby;
  private final Refusals refusals;
  private final RequestMeters meters;
  private HttpServer server;
  private volatile int port;

  /**
   * @param settings where to listen; with port 0 all verticles of one deployment share one free
   *     port
   * @param door what it shares with the other verticles
   * @param dispatcher takes the pushes, on this verticle's event loop
   * @param time the clock by which pushes are born
   * @param pages what else can be asked for
   */
  HttpVerticle(
      ServerSettings settings, DoorState door, Dispatcher dispatcher, Time time, Pages pages) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.dispatcher = Objects.requireNonNull(dispatcher, "dispatcher");
    this.time = Objects.requireNonNull(time, "time");
    this.pages = Objects.requireNonNull(pages, "pages");
    this.lobby = new Lobby(door, time);
    this.refusals = new Refusals(lobby.gate(), door.meters());
    this.meters = door.meters();
  }

  @Override
  public Future<?> start() throws PemException {
    Router router = router();
    server =
        vertx
            .createHttpServer(Listener.options(settings))
            .connectionHandler(lobby.clients()::opened)
            .invalidRequestHandler(request -> admit(request, refusals::malformed))
            .requestHandler(request -> admit(request, router));
    return server
        .listen()
        .onSuccess(
            listening -> {
              port = listening.actualPort();
              lobby.start();
            });
  }

  /**
   * Takes no new connection, and ends when the last answers are written: at most 2 s. What waits
   * longer has to be ended before, by the dispatcher.
   */
  @Override
  public Future<?> stop() {
    lobby.stop();
    return server == null ? Future.succeededFuture() : server.shutdown(LAST_ANSWERS_S, SECONDS);
  }

  /** The port it listens on, once started. Any thread. */
  int port() {
    return port;
  }

  /**
   * Shows other certificates to whoever connects from now on, for all verticles on the same port.
   * Any thread.
   *
   * @param changed the settings to take those of TLS from
   * @return fails when they cannot be used; then the old ones stay
   */
  Future<?> secure(ServerSettings changed) {
    try {
      return server.updateSSLOptions(Listener.options(changed).getSslOptions());
    } catch (PemException e) {
      return Future.failedFuture(e);
    }
  }

  /** Asks for the address before anything else: whoever is not on the list learns nothing. */
  private void admit(HttpServerRequest request, Handler<HttpServerRequest> handler) {
    Clients.Client client = lobby.clients().of(request.connection());
    if (client == null) {
      // One connection too many, which is being closed: nothing that it says counts.
      return;
    }
    count(request);
    if (lobby.gate().admits(request, client)) {
      lobby.clients().used(client);
      handler.handle(request);
    } else {
      refusals.denied(request);
    }
  }

  /** Every request that is answered, by whomever. */
  private void count(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    response.endHandler(
        end -> {
          if (response.ended()) {
            meters.answered(request.path(), response.getStatusCode());
          }
        });
  }

  private Router router() {
    PushApi api = new PushApi(dispatcher, time, lobby, refusals);
    Router router = Router.router(vertx);
    router.route().failureHandler(refusals::failed);
    serve(router, HttpMethod.POST, "/push", api::handle);
    serve(router, HttpMethod.GET, "/", HttpVerticle::welcome);
    serve(router, HttpMethod.GET, "/openapi.json", ApiDocument::json);
    serve(router, HttpMethod.GET, "/docs", ApiDocument::page);
    pages.each((path, page) -> serve(router, HttpMethod.GET, path, page));
    router.route().handler(refusals::unknownPath);
    return router;
  }

  private void serve(
      Router router, HttpMethod method, String path, Handler<RoutingContext> handler) {
    // Paths as they were sent: //push was never /push, and proxies in front may rely on it.
    router.route(method, path).useNormalizedPath(false).handler(handler);
    router
        .route(path)
        .useNormalizedPath(false)
        .handler(context -> refusals.wrongMethod(context, method));
  }

  private static void welcome(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(WELCOME);
  }
}
