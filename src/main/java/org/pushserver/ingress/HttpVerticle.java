// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.pushserver.api.ApiParts;
import org.pushserver.api.RequestRefused;
import org.pushserver.config.ListenAddress;
import org.pushserver.config.ServerSettings;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.observe.AnsweredRequests;
import org.pushserver.pem.Pem.PemException;

/**
 * One router verticle of a door: routes, and what has to hold before them. It starts once it
 * listens, and fails to start when the port is taken or the certificate is no good.
 */
final class HttpVerticle extends VerticleBase {
  private static final long LAST_ANSWERS_S = 2;

  private final ServerSettings settings;
  private final IngressState state;
  private final ConnectionGuards guards;
  private final ErrorResponses errors;
  private final ApiEndpoints endpoints;
  private final AnsweredRequests answered;
  private HttpServer server;
  private volatile int port;

  /**
   * @param settings where to listen; with port 0 all verticles of one deployment share one free
   *     port
   * @param state what it shares with the other verticles
   * @param parts what requests are for, on this verticle's event loop
   * @param pages what else can be asked for
   */
  HttpVerticle(
      ServerSettings settings,
      IngressState state,
      ApiParts parts,
      List<HttpEndpoint<AdmittedRequest>> pages) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.state = state;
    this.guards = new ConnectionGuards(state, parts.time());
    this.errors = new ErrorResponses(guards.access(), state.meters());
    this.endpoints = ApiEndpoints.of(parts, guards, errors, settings.doors(), pages);
    this.answered = state.meters().answered(endpoints.list().paths());
  }

  @Override
  public Future<?> start() throws PemException {
    RequestAdmission admission = new RequestAdmission(guards, errors, endpoints.foreign());
    Router router = router(admission);
    Handler<HttpServerRequest> routed = request -> admission.route(router, request);
    HttpServerOptions options = ServerOptions.options(settings, state.anyPort());
    server =
        vertx
            .createHttpServer(options)
            .exceptionHandler(guards::failed)
            .connectionHandler(connection -> guards.clients().opened(connection, options))
            .invalidRequestHandler(request -> admit(request, errors::malformed))
            .requestHandler(request -> admit(request, routed));
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

  /** As {@link HttpIngress#leave}. Any thread. */
  Future<Void> leave(Duration longest) {
    return server.shutdown(longest.toMillis(), MILLISECONDS);
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
      return server.updateSSLOptions(
          ServerOptions.options(changed, state.anyPort()).getSslOptions());
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
            answered.count(request.path(), response.getStatusCode());
          }
        });
  }

  private Router router(RequestAdmission admission) {
    Router router = Router.router(vertx);
    router.route().failureHandler(errors::failed);
    endpoints.list().route(router, admission);
    return router;
  }
}
