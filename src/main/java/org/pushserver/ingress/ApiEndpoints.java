// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.api.ApiParts;
import org.pushserver.api.PushApi;
import org.pushserver.api.RequestRefused;
import org.pushserver.api.TokenApi;
import org.pushserver.config.ForeignDoors;
import org.pushserver.dialect.Dialects;
import org.pushserver.dialect.ForeignEndpoint;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.EndpointList;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.endpoint.Page;

/**
 * The endpoints of the main door: what it is asked for, one entry each.
 *
 * @param list all of them
 * @param foreign by the paths of those whose senders expect another shape, what answers them
 */
record ApiEndpoints(EndpointList<ApiRequest> list, Map<String, ErrorResponses> foreign) {
  private static final Page WELCOME = new Page("application/json", "\"Welcome to Pushserver\"");

  /**
   * All of them, for one event loop.
   *
   * @param parts what requests are for
   * @param doors what others may send in their own way
   * @param pages what others have to show
   */
  static ApiEndpoints of(
      ApiParts parts,
      ConnectionGuards guards,
      ErrorResponses errors,
      ForeignDoors doors,
      List<HttpEndpoint<AdmittedRequest>> pages) {
    PushApi pushes = new PushApi(parts.dispatcher(), parts.time());
    AnswerWriter writer = new AnswerWriter(guards.clients(), errors);
    List<HttpEndpoint<ApiRequest>> all = new ArrayList<>();
    ApiDocument document = new ApiDocument(guards::policy, all);

    Handler<ApiRequest> push = writer.answeringLater(pushes::push);
    all.add(post("/push", Guard.SENDER, push));
    if (guards.policy().access().allowGet()) {
      all.add(HttpEndpoint.page("/push", Guard.SENDER, request -> get(request, push)));
    }
    all.addAll(new TokenEndpoints(new TokenApi(parts, pushes), writer).all());
    all.add(post("/v3/acks", Guard.WITNESS, writer.answering(parts.acks()::acknowledge)));
    Map<String, ErrorResponses> foreign = new HashMap<>();
    if (!doors.areShut()) {
      for (ForeignEndpoint endpoint : new Dialects(doors, pushes, parts.time()).endpoints()) {
        ErrorResponses told = errors.in(endpoint.refusals());
        foreign.put(endpoint.path(), told);
        all.add(foreign(endpoint, new AnswerWriter(guards.clients(), told)));
      }
    }
    pages.forEach(page -> all.add(page.at()));
    all.add(HttpEndpoint.page("/", Guard.ADDRESS, request -> WELCOME.answer(request.context())));
    all.add(HttpEndpoint.page("/openapi.json", Guard.ADDRESS, document::json));
    all.add(HttpEndpoint.page("/docs", Guard.ADDRESS, document::page));
    return new ApiEndpoints(new EndpointList<>(all), foreign);
  }

  private static HttpEndpoint<ApiRequest> foreign(ForeignEndpoint endpoint, AnswerWriter writer) {
    return new HttpEndpoint<>(
        HttpMethod.valueOf(endpoint.method()),
        endpoint.path(),
        endpoint.keyInQuery() ? Guard.SENDER_BY_QUERY : Guard.SENDER,
        writer.answeringLater(
            request -> endpoint.handler().apply(new ForeignApiRequest(request, endpoint))));
  }

  private static HttpEndpoint<ApiRequest> post(
      String path, Guard guard, Handler<ApiRequest> handler) {
    return new HttpEndpoint<>(HttpMethod.POST, path, guard, handler);
  }

  /** With {@code HEAD} nobody expects anything to happen. */
  private static void get(ApiRequest request, Handler<ApiRequest> push) {
    if (!request.http().method().equals(HttpMethod.GET)) {
      throw new RequestRefused(405, "The method must be POST or GET for this path");
    }
    push.handle(request);
  }
}
