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
  private final IdleConnections connections;
  private final boolean waitForResult;

  /**
   * @param waitForResult whether callers wait for the end of their push
   */
  PushApi(Dispatcher dispatcher, Time time, IdleConnections connections, boolean waitForResult) {
    this.dispatcher = dispatcher;
    this.reader = new PushReader(dispatcher, time);
    this.connections = connections;
    this.waitForResult = waitForResult;
  }

  void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    Body.read(request)
        .compose(body -> push(body, request))
        .onComplete(
            answer -> answer.send(context.response()),
            failure -> Refusals.failed(request, failure));
  }

  private Future<JsonAnswer> push(byte[] body, HttpServerRequest http) {
    PushRequest request = reader.read(body);
    logIncoming(request.push(), http, body);
    HttpConnection connection = http.connection();
    connections.working(connection);
    Future<JsonAnswer> answer =
        answer(request).onComplete(ended -> connections.answered(connection));
    return LOG.isDebugEnabled() ? answer.onSuccess(given -> log(request.push(), given)) : answer;
  }

  private Future<JsonAnswer> answer(PushRequest request) {
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

  private static void logIncoming(Push push, HttpServerRequest http, byte[] body) {
    if (LOG.isInfoEnabled()) {
      LOG.info(Line.MESSAGE, Trail.incoming(push, Caller.address(http), body.length));
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
