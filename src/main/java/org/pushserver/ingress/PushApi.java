// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import org.pushserver.audit.PushLogLines;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.log.LogLine;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /push}, version 1: one request, one push, one answer. Confined to one event loop. */
final class PushApi {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  /** Bytes from which an answer counts that its client does not read; rare, and so not for each. */
  private static final int LONG_ANSWER = 4096;

  private final Dispatcher dispatcher;
  private final PushReader reader;
  private final ConnectionGuards guards;
  private final ErrorResponses errors;

  PushApi(Dispatcher dispatcher, Time time, ConnectionGuards guards, ErrorResponses errors) {
    this.dispatcher = dispatcher;
    this.reader = new PushReader(dispatcher, time);
    this.guards = guards;
    this.errors = errors;
  }

  void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    // One policy for the whole request, whatever a reload brings meanwhile.
    Policy policy = guards.policy();
    Caller caller;
    try {
      caller = guards.access().enter(request, policy);
      requireUncompressed(request);
    } catch (RequestRefused refusal) {
      errors.failed(request, refusal);
      return;
    }
    guards
        .intake()
        .read(request, policy.limits().maxBody())
        .compose(body -> push(body, request, caller, policy))
        .onComplete(answer -> send(answer, request), failure -> errors.failed(request, failure));
  }

  private void send(JsonResponse answer, HttpServerRequest request) {
    int length = answer.body().length();
    ClientConnections.Client client =
        length < LONG_ANSWER ? null : guards.clients().of(request.connection());
    Future<Void> sent = answer.send(request);
    if (client != null) {
      client.owes(length, sent);
    }
  }

  private static void requireUncompressed(HttpServerRequest request) {
    String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new RequestRefused(
          415, "The body must not be compressed; Content-Encoding is " + Printable.quote(coding));
    }
  }

  private Future<JsonResponse> push(
      byte[] body, HttpServerRequest http, Caller caller, Policy policy) {
    ReadPush request = reader.read(body, policy.json(), caller);
    logIncoming(request.push(), http, caller, body);
    if (!request.mended().isEmpty()) {
      LOG.warn(
          LogLine.MESSAGE,
          PushLogLines.mended(request.push(), caller.toString(), request.mended()));
    }
    ClientConnections clients = guards.clients();
    HttpConnection connection = http.connection();
    clients.working(connection);
    Future<JsonResponse> answer =
        answer(request, policy.waitForResult()).onComplete(ended -> clients.answered(connection));
    return LOG.isDebugEnabled() ? answer.onSuccess(given -> log(request.push(), given)) : answer;
  }

  private Future<JsonResponse> answer(ReadPush request, boolean waitForResult) {
    if (waitForResult) {
      return dispatcher
          .deliver(request.push())
          .map(outcome -> JsonResponse.outcome(request, outcome));
    }
    return dispatcher
        .accept(request.push())
        .map(
            refused ->
                refused
                    .map(outcome -> JsonResponse.outcome(request, outcome))
                    .orElseGet(JsonResponse::accepted));
  }

  private static void logIncoming(Push push, HttpServerRequest http, Caller caller, byte[] body) {
    if (LOG.isInfoEnabled()) {
      LOG.info(LogLine.MESSAGE, PushLogLines.incoming(push, caller.toString(), body.length));
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          LogLine.MESSAGE,
          PushLogLines.request(push, http.headers(), new String(body, StandardCharsets.UTF_8)));
    }
  }

  private static void log(Push push, JsonResponse answer) {
    LOG.debug(
        LogLine.MESSAGE,
        PushLogLines.answer(
            push, answer.status(), answer.headers().entrySet(), answer.body().toString()));
  }
}
