// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.pushserver.config.ListenAddress;
import org.pushserver.config.ServerSettings;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.observe.Page;
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
  private static final Handler<RoutingContext> WELCOME =
      new Page("application/json", "\"Welcome to Pushserver\"")::answer;

  private final ServerSettings settings;
  private final Dispatcher dispatcher;
  private final Time time;
  private final Pages pages;
  private final ConnectionGuards guards;
  private final ErrorResponses errors;
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
      ServerSettings settings, IngressState door, Dispatcher dispatcher, Time time, Pages pages) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.dispatcher = Objects.requireNonNull(dispatcher, "dispatcher");
    this.time = Objects.requireNonNull(time, "time");
    this.pages = Objects.requireNonNull(pages, "pages");
    this.guards = new ConnectionGuards(door, time);
    this.errors = new ErrorResponses(guards.access(), door.meters());
    this.meters = door.meters();
  }

  @Override
  public Future<?> start() throws PemException {
    Router router = router();
    HttpServerOptions options = ServerOptions.options(settings);
    server =
        vertx
            .createHttpServer(options)
            .exceptionHandler(guards::failed)
            .connectionHandler(connection -> guards.clients().opened(connection, options))
            .invalidRequestHandler(request -> admit(request, errors::malformed))
            .requestHandler(request -> admit(request, router));
    return server
        .listen()
        .recover(
            cause ->
                Future.failedFuture(
                    ListenAddress.unusable(settings.host(), settings.port(), cause)))
        .onSuccess(
            listening -> {
              port = listening.actualPort();
              guards.start();
            });
  }

  /**
   * Takes no new connection, and ends when the last answers are written: at most 2 s. What waits
   * longer has to be ended before, by the dispatcher.
   */
  @Override
  public Future<?> stop() {
    guards.stop();
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
      return server.updateSSLOptions(ServerOptions.options(changed).getSslOptions());
    } catch (PemException e) {
      return Future.failedFuture(e);
    }
  }

  /** Asks for the address before anything else: whoever is not on the list learns nothing. */
  private void admit(HttpServerRequest request, Handler<HttpServerRequest> handler) {
    ClientConnections clients = guards.clients();
    ClientConnections.Client client = clients.of(request.connection());
    if (client == null || client.isClosing()) {
      // Of a connection that is being closed nothing counts.
      return;
    }
    count(request);
    if (client.isDeaf()) {
      client.cut();
    } else if (!guards.access().admits(request, client)) {
      errors.denied(request, client);
    } else if (!clients.haveRoom()) {
      errors.failed(
          request, RequestRefused.ofUnfinished(503, "Too many requests are open at once", 1));
    } else {
      String fault = Framing.fault(request);
      if (fault == null) {
        clients.used(client);
        handler.handle(request);
      } else {
        errors.failed(request, RequestRefused.ofUnfinished(400, fault));
      }
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
    PushApi api = new PushApi(dispatcher, time, guards, errors);
    Router router = Router.router(vertx);
    router.route().failureHandler(errors::failed);
    route(router, "/push").method(HttpMethod.POST).handler(api::handle);
    route(router, "/push").handler(context -> errors.wrongMethod(context, HttpMethod.POST));
    ApiDocument document = new ApiDocument(guards::policy);
    show(router, "/", WELCOME);
    show(router, "/openapi.json", document::json);
    show(router, "/docs", document::page);
    pages.each(
        (path, page) ->
            show(router, path, context -> show(context, page, pages.forStrangers(path))));
    router.route().handler(errors::unknownPath);
    return router;
  }

  /** A page: asked for with GET, or with HEAD for its head alone. */
  private void show(Router router, String path, Handler<RoutingContext> page) {
    route(router, path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(page);
    route(router, path).method(HttpMethod.OPTIONS).handler(Page::options);
    route(router, path).handler(context -> errors.wrongMethod(context, HttpMethod.GET));
  }

  /** A page about the applications: all of it only for who has a key, if there are keys. */
  private void show(
      RoutingContext context, Handler<RoutingContext> page, Handler<RoutingContext> forStrangers) {
    RequestRefused refusal = guards.access().stranger(context.request());
    if (refusal == null) {
      page.handle(context);
    } else if (forStrangers != null) {
      forStrangers.handle(context);
    } else {
      errors.failed(context.request(), refusal);
    }
  }

  /** Paths as they were sent: //push was never /push, and proxies in front may rely on it. */
  private static Route route(Router router, String path) {
    return router.route(path).useNormalizedPath(false);
  }
}
