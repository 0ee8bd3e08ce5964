// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
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

  private final Dispatcher dispatcher;
  private final PushReader reader;
  private final ClientConnections clients;

  PushApi(Dispatcher dispatcher, Time time, ClientConnections clients) {
    this.dispatcher = dispatcher;
    this.reader = new PushReader(dispatcher, time);
    this.clients = clients;
  }

  /**
   * Sends a push.
   *
   * @return completes with what became of it, or at once, as it is configured
   * @throws RequestRefused when the request cannot become one
   */
  Future<JsonResponse> push(ApiRequest asked) {
    PushReader.ReadPush read = reader.read(asked.body(), asked.policy().json(), asked.caller());
    Push push = read.push();
    logIncoming(push, asked);
    if (!read.mended().isEmpty()) {
      LOG.warn(
          LogLine.MESSAGE, PushLogLines.mended(push, asked.caller().toString(), read.mended()));
    }
    HttpConnection connection = asked.http().connection();
    clients.working(connection);
    Future<JsonResponse> answer =
        answer(push, asked.policy().waitForResult())
            .onComplete(ended -> clients.answered(connection));
    return LOG.isDebugEnabled() ? answer.onSuccess(given -> log(push, given)) : answer;
  }

  private Future<JsonResponse> answer(Push push, boolean waitForResult) {
    if (waitForResult) {
      return dispatcher.deliver(push).map(outcome -> JsonResponse.outcome(push, outcome));
    }
    return dispatcher
        .accept(push)
        .map(
            refused ->
                refused
                    .map(outcome -> JsonResponse.outcome(push, outcome))
                    .orElseGet(JsonResponse::accepted));
  }

  private static void logIncoming(Push push, ApiRequest asked) {
    byte[] body = asked.body();
    if (LOG.isInfoEnabled()) {
      LOG.info(
          LogLine.MESSAGE, PushLogLines.incoming(push, asked.caller().toString(), body.length));
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          LogLine.MESSAGE,
          PushLogLines.request(
              push, asked.http().headers(), new String(body, StandardCharsets.UTF_8)));
    }
  }

  private static void log(Push push, JsonResponse answer) {
    LOG.debug(
        LogLine.MESSAGE,
        PushLogLines.answer(
            push, answer.status(), answer.headers().entrySet(), answer.body().toString()));
  }
}
