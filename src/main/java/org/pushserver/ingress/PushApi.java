// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import org.pushserver.audit.Trail;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.log.Line;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /push}, version 1: one request, one push, one answer. Confined to one event loop. */
final class PushApi {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private final Dispatcher dispatcher;
  private final PushReader reader;
  private final Lobby lobby;
  private final Refusals refusals;

  PushApi(Dispatcher dispatcher, Time time, Lobby lobby, Refusals refusals) {
    this.dispatcher = dispatcher;
    this.reader = new PushReader(dispatcher, time);
    this.lobby = lobby;
    this.refusals = refusals;
  }

  void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    // One policy for the whole request, whatever a reload brings meanwhile.
    Policy policy = lobby.policy();
    Caller caller;
    try {
      caller = lobby.gate().enter(request, policy);
    } catch (Refusal refusal) {
      refusals.failed(request, refusal);
      return;
    }
    lobby
        .intake()
        .read(request, policy.limits().maxBody())
        .compose(body -> push(body, request, caller, policy))
        .onComplete(
            answer -> answer.send(context.response()),
            failure -> refusals.failed(request, failure));
  }

  private Future<JsonAnswer> push(
      byte[] body, HttpServerRequest http, Caller caller, Policy policy) {
    PushRequest request = reader.read(body, policy.json(), caller);
    logIncoming(request.push(), http, caller, body);
    Clients clients = lobby.clients();
    HttpConnection connection = http.connection();
    clients.working(connection);
    Future<JsonAnswer> answer =
        answer(request, policy.waitForResult()).onComplete(ended -> clients.answered(connection));
    return LOG.isDebugEnabled() ? answer.onSuccess(given -> log(request.push(), given)) : answer;
  }

  private Future<JsonAnswer> answer(PushRequest request, boolean waitForResult) {
    if (waitForResult) {
      return dispatcher
          .deliver(request.push())
          .map(outcome -> JsonAnswer.outcome(request, outcome));
    }
    return dispatcher
        .accept(request.push())
        .map(
            refused ->
                refused
                    .map(outcome -> JsonAnswer.outcome(request, outcome))
                    .orElseGet(JsonAnswer::accepted));
  }

  private static void logIncoming(Push push, HttpServerRequest http, Caller caller, byte[] body) {
    if (LOG.isInfoEnabled()) {
      LOG.info(Line.MESSAGE, Trail.incoming(push, caller.toString(), body.length));
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          Line.MESSAGE,
          Trail.request(push, http.headers(), new String(body, StandardCharsets.UTF_8)));
    }
  }

  private static void log(Push push, JsonAnswer answer) {
    LOG.debug(
        Line.MESSAGE,
        Trail.answer(push, answer.status(), answer.headers().entrySet(), answer.body().toString()));
  }
}
