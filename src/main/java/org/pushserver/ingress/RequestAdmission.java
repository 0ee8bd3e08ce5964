// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.pushserver.api.Caller;
import org.pushserver.api.Policy;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;
import org.pushserver.endpoint.EndpointList;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;

/**
 * The admission of requests to the endpoints of the main door, as the guard of each wants it: key,
 * rate, size of the body. The address was asked for before. Confined to one event loop.
 */
final class RequestAdmission implements EndpointList.Admission<ApiRequest> {
  private static final byte[] NOT_READ = {};

  private final ConnectionGuards guards;
  private final ErrorResponses errors;
  private final Map<String, ErrorResponses> foreign;

  /** The request that is being routed. */
  private HttpServerRequest arrived;

  /**
   * @param foreign by their paths, for endpoints whose senders expect another shape
   */
  RequestAdmission(
      ConnectionGuards guards, ErrorResponses errors, Map<String, ErrorResponses> foreign) {
    this.guards = guards;
    this.errors = errors;
    this.foreign = Map.copyOf(foreign);
  }

  /**
   * Routes a request, so that it comes back here. While its client waits, it is held as it arrived:
   * the router's own request leads to all that the router knows of it, which is half as much again.
   */
  void route(Router router, HttpServerRequest request) {
    arrived = request;
    router.handle(request);
  }

  private void failed(HttpServerRequest request, HttpEndpoint<?> endpoint, Throwable failure) {
    foreign.getOrDefault(endpoint.path(), errors).failed(request, failure);
  }

  @Override
  public void admit(RoutingContext context, HttpEndpoint<ApiRequest> endpoint) {
    HttpServerRequest request = arrived;
    Guard guard = endpoint.guard();
    Policy policy = guards.policy();
    Caller caller;
    try {
      caller = guards.access().enter(request, guard, policy);
      if (guard.readsBody()) {
        requireUncompressed(request);
      }
    } catch (RequestRefused refusal) {
      failed(request, endpoint, refusal);
      return;
    }
    if (!guard.readsBody()) {
      handle(
          endpoint,
          new ApiRequest(context, request, caller, policy, NOT_READ, errors, guards.clients()));
      return;
    }
    guards
        .intake()
        .read(request, guard.bodyLimit(policy.limits()))
        .onComplete(
            body ->
                handle(
                    endpoint,
                    new ApiRequest(
                        context, request, caller, policy, body, errors, guards.clients())),
            failure -> failed(request, endpoint, failure));
  }

  private void handle(HttpEndpoint<ApiRequest> endpoint, ApiRequest request) {
    try {
      endpoint.handler().handle(request);
    } catch (RuntimeException e) {
      foreign.getOrDefault(endpoint.path(), errors).failed(request.http(), request.caller(), e);
    }
  }

  private static void requireUncompressed(HttpServerRequest request) {
    String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new RequestRefused(
          415, "The body must not be compressed; Content-Encoding is " + Printable.quote(coding));
    }
  }

  @Override
  public void wrongMethod(RoutingContext context, String description) {
    errors.failed(context.request(), new RequestRefused(405, description));
  }

  @Override
  public void unknownPath(RoutingContext context, String description) {
    errors.failed(context.request(), RequestRefused.unknownPath(description));
  }
}
