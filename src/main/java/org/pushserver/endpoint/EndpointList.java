// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All endpoints of one door, each path and method once: the only place from which its routes are
 * made. Immutable.
 *
 * @param <R> what the door knows of a request
 */
public final class EndpointList<R extends AdmittedRequest> {
  private final List<HttpEndpoint<R>> endpoints;

  /** What is done with a request, once it is known what it is for. On event loops. */
  public interface Admission<R extends AdmittedRequest> {
    /** Lets a request in to an endpoint, or refuses it. */
    void admit(RoutingContext context, HttpEndpoint<R> endpoint);

    /** Refuses a request for a path that exists, but only for other methods; 405. */
    void wrongMethod(RoutingContext context, String description);

    /** Refuses a request for a path that does not exist; 404. */
    void unknownPath(RoutingContext context, String description);
  }

  /**
   * @param endpoints the most frequent first
   * @throws IllegalArgumentException when two have the same path and method
   */
  public EndpointList(List<HttpEndpoint<R>> endpoints) {
    this.endpoints = List.copyOf(endpoints);
    Set<String> seen = new HashSet<>();
    for (HttpEndpoint<R> endpoint : endpoints) {
      if (!seen.add(endpoint.method() + " " + endpoint.path())) {
        throw new IllegalArgumentException("twice: " + endpoint);
      }
    }
  }

  /** Them, the most frequent first. */
  public List<HttpEndpoint<R>> all() {
    return endpoints;
  }

  /** Their paths, each once, the most frequent first. */
  public List<String> paths() {
    return endpoints.stream().map(HttpEndpoint::path).distinct().toList();
  }

  /** Adds their routes to a router, and what answers all other requests. */
  public void route(Router router, Admission<R> admission) {
    Map<String, List<HttpEndpoint<R>>> byPath =
        endpoints.stream()
            .collect(
                Collectors.groupingBy(HttpEndpoint::path, LinkedHashMap::new, Collectors.toList()));
    byPath.forEach((path, here) -> route(router, path, here, admission));
    router
        .route()
        .handler(context -> admission.unknownPath(context, "There is nothing under this path"));
  }

  private static <R extends AdmittedRequest> void route(
      Router router, String path, List<HttpEndpoint<R>> here, Admission<R> admission) {
    List<String> allowed = new ArrayList<>();
    for (HttpEndpoint<R> endpoint : here) {
      HttpMethod method = endpoint.method();
      Route route = at(router, path).method(method);
      allowed.add(method.name());
      if (method.equals(HttpMethod.GET)) {
        route.method(HttpMethod.HEAD);
        allowed.add(HttpMethod.HEAD.name());
        allowed.add(HttpMethod.OPTIONS.name());
      }
      route.handler(context -> admission.admit(context, endpoint));
    }
    String allow = String.join(", ", allowed);
    if (allowed.contains(HttpMethod.OPTIONS.name())) {
      at(router, path)
          .method(HttpMethod.OPTIONS)
          .handler(
              context ->
                  context.response().setStatusCode(204).putHeader(HttpHeaders.ALLOW, allow).end());
    }
    String description =
        "The method must be %s for this path"
            .formatted(
                here.stream()
                    .map(endpoint -> endpoint.method().name())
                    .collect(Collectors.joining(" or ")));
    at(router, path)
        .handler(
            context -> {
              context.response().putHeader(HttpHeaders.ALLOW, allow);
              admission.wrongMethod(context, description);
            });
  }

  /** Paths as they were sent: //push was never /push, and proxies in front may rely on it. */
  private static Route at(Router router, String path) {
    return router.route(path.replace('{', ':').replace("}", "")).useNormalizedPath(false);
  }
}
