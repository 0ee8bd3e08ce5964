// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.pushserver.api.ApiParts;
import org.pushserver.api.LivePolicy;
import org.pushserver.config.ListenAddress;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Tls;
import org.pushserver.dispatch.ForgettableVerticle;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.observe.RequestMeters;

/**
 * The HTTP server for requests, called the main door: a router verticle on each event loop, all on
 * one port. Any thread.
 */
public final class HttpIngress {
  private final Vertx vertx;
  private final ServerSettings started;
  private final IngressState state;
  private final List<HttpVerticle> verticles = new ArrayList<>();
  private String deployment;
  private volatile Tls tls;

  private HttpIngress(
      Vertx vertx, int size, ServerSettings settings, LivePolicy policy, RequestMeters meters) {
    this.vertx = vertx;
    this.started = settings;
    this.state = IngressState.of(policy, size, meters);
    meters.connections(this::connections, () -> policy.now().limits().maxClients());
    this.tls = settings.tls();
  }

  /**
   * Opens the door.
   *
   * @param verticles how many: as many as event loops
   * @param policy what requests are judged by
   * @param parts what requests are for
   * @param pages what else can be asked for
   * @param meters what happens at the door is counted here
   * @return completes when it listens; fails when the port is taken
   */
  public static Future<HttpIngress> open(
      Vertx vertx,
      int verticles,
      ServerSettings settings,
      LivePolicy policy,
      ApiParts parts,
      List<HttpEndpoint<AdmittedRequest>> pages,
      RequestMeters meters) {
    HttpIngress ingress =
        new HttpIngress(
            vertx, verticles, Objects.requireNonNull(settings, "settings"), policy, meters);
    for (int i = 0; i < verticles; i++) {
      ingress.verticles.add(new HttpVerticle(settings, ingress.state, parts, pages));
    }
    return vertx
        .deployVerticle(
            ingress.verticles.stream().map(ForgettableVerticle::new).iterator()::next,
            new DeploymentOptions().setInstances(verticles))
        .map(
            id -> {
              ingress.deployment = id;
              return ingress;
            });
  }

  /** The port it listens on. */
  public int port() {
    return verticles.get(0).port();
  }

  /** How many connections are open; those in their TLS handshake are not among them. */
  public int connections() {
    return state.connections().get();
  }

  /**
   * Shows other certificates from now on; open connections stay. By what requests are judged, the
   * policy says. To be called again only when it has completed.
   *
   * @return completes with what cannot change before the next start, each in an operator's words;
   *     fails, and nothing has changed, when the certificates cannot be used
   */
  public Future<List<String>> apply(ServerSettings settings) {
    Tls wanted = settings.tls();
    boolean secured = tls != null && wanted != null && !tls.equals(wanted);
    Future<?> first = secured ? verticles.get(0).secure(settings) : Future.succeededFuture();
    return first.map(
        done -> {
          if (secured) {
            tls = wanted;
          }
          return unchangeable(settings);
        });
  }

  private List<String> unchangeable(ServerSettings wanted) {
    List<String> kept = new ArrayList<>();
    if (!started.host().equals(wanted.host()) || started.port() != wanted.port()) {
      kept.add(
          "host and port: %s is listened on until the next start"
              .formatted(ListenAddress.text(started.host(), port())));
    }
    if ((started.tls() == null) != (wanted.tls() == null)) {
      kept.add(
          "tls_certificate: %s is spoken until the next start"
              .formatted(started.tls() == null ? "plain HTTP" : "TLS"));
    }
    if (started.access().allowGet() != wanted.access().allowGet()) {
      kept.add(
          "allow_get: %s holds until the next start"
              .formatted(started.access().allowGet() ? "yes" : "no"));
    }
    if (started.acks() != wanted.acks()) {
      kept.add(
          "acks: acknowledgements are %s until the next start"
              .formatted(started.acks() ? "taken" : "not taken"));
    }
    if (!Objects.equals(started.admin(), wanted.admin())) {
      kept.add(
          "admin_host and admin_port: health and metrics stay where they are until the next start");
    }
    if (started.limits().maxHeaders() != wanted.limits().maxHeaders()) {
      kept.add(
          "max_headers: %s holds until the next start".formatted(started.limits().maxHeaders()));
    }
    if (started.limits().maxResets() != wanted.limits().maxResets()) {
      kept.add("max_resets: %s holds until the next start".formatted(started.limits().maxResets()));
    }
    if (started.limits().maxRequests() != wanted.limits().maxRequests()) {
      kept.add(
          "max_requests: %s holds until the next start".formatted(started.limits().maxRequests()));
    }
    if (!started.doors().equals(wanted.doors())) {
      kept.add("[doors]: they stay as they are until the next start");
    }
    return kept;
  }

  /**
   * Takes no new connection: those are another server's, which listens on the same port. Closes the
   * connections that have nothing to wait for, and each other one with its last answer. To be
   * closed after that.
   *
   * @param longest what may be waited for
   * @return completes when no connection is left
   */
  public Future<Void> leave(Duration longest) {
    return Future.join(verticles.stream().map(one -> one.leave(longest)).toList()).mapEmpty();
  }

  /**
   * Takes no new connection, and ends when the last answers are written. What waits longer has to
   * be ended before, by the dispatcher.
   *
   * @return completes when it is closed, after 2 s at most
   */
  public Future<Void> close() {
    return vertx.undeploy(deployment);
  }
}
