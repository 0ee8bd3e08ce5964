// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.pushserver.audit.Trail;
import org.pushserver.log.Line;
import org.pushserver.observe.Page;
import org.pushserver.observe.RequestMeters;
import org.pushserver.observe.RequestMeters.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests that do not become a push, all in one shape and one kind of log line. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  /** RFC 9113: the answer is complete, and no more of the request is wanted. */
  private static final long NO_ERROR = 0;

  private static final String CHALLENGE = "Bearer realm=\"pushserver\"";

  private final Gate gate;
  private final RequestMeters meters;

  /**
   * @param gate knows who sent a request
   * @param meters counts them
   */
  Refusals(Gate gate, RequestMeters meters) {
    this.gate = gate;
    this.meters = meters;
  }

  /**
   * The caller's address is not on the list. It loses its connection; one that comes through a
   * trusted proxy loses its request alone, because others share that connection.
   */
  void denied(HttpServerRequest request, Clients.Client client) {
    log(request, "", 403, "not in allowed_hosts");
    meters.refused(403, Refused.ADDRESS);
    if (request.version() != HttpVersion.HTTP_2 || gate.isProxy(client)) {
      answerAndClose(request, JsonAnswer.denied());
    } else {
      client.closing();
      JsonAnswer.denied().send(request).onComplete(sent -> client.cut());
    }
  }

  /** What arrived is no HTTP request that the server can read. */
  void malformed(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Refusal refusal;
    if (cause instanceof TooLongHttpLineException) {
      refusal = Refusal.ofUnfinished(414, "The request line is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      refusal = Refusal.ofUnfinished(431, "The request's headers are too long");
    } else {
      refusal = Refusal.ofUnfinished(400, "Not a valid HTTP request");
    }
    refuse(request, refusal);
  }

  /** There is nothing under this path. */
  void unknownPath(RoutingContext context) {
    refuse(context.request(), new Refusal(404, Refused.PATH, "There is nothing under this path"));
  }

  /** The path exists, but only for another method. */
  void wrongMethod(RoutingContext context, HttpMethod allowed) {
    context
        .response()
        .putHeader(
            HttpHeaders.ALLOW, allowed.equals(HttpMethod.GET) ? Page.METHODS : allowed.name());
    refuse(
        context.request(),
        new Refusal(405, "The method must be " + allowed.name() + " for this path"));
  }

  /** Handling a request failed: by a refusal, or by a fault of ours. */
  void failed(HttpServerRequest request, Throwable failure) {
    if (failure instanceof Refusal refusal) {
      refuse(request, refusal);
    } else {
      LOG.error("request from {} failed", gate.address(request), failure);
      JsonAnswer.broken().send(request);
    }
  }

  /** The router itself gave up on a request. */
  void failed(RoutingContext context) {
    if (context.statusCode() >= 400 && context.statusCode() < 500) {
      refuse(context.request(), new Refusal(context.statusCode(), "Not a valid HTTP request"));
    } else {
      failed(context.request(), context.failure());
    }
  }

  private void refuse(HttpServerRequest request, Refusal refusal) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    log(request, refusal.callId(), refusal.status(), refusal.description());
    meters.refused(refusal.status(), refusal.why());
    if (refusal.status() == 401) {
      response.putHeader("WWW-Authenticate", CHALLENGE);
    }
    JsonAnswer answer =
        JsonAnswer.refused(refusal.status(), refusal.description(), refusal.retryAfter());
    if (refusal.isUnfinished()) {
      answerAndClose(request, answer);
    } else {
      answer.send(request);
    }
  }

  private void log(HttpServerRequest request, String callId, int status, String reason) {
    if (LOG.isInfoEnabled()) {
      LOG.info(
          Line.MESSAGE,
          Trail.refused(
              callId,
              status,
              gate.address(request),
              Printable.cut(request.method().name()),
              Printable.cut(Objects.requireNonNullElse(request.path(), "")),
              reason));
    }
  }

  /** Closes what carries the request: over HTTP/2 its stream, for others share the connection. */
  private static void answerAndClose(HttpServerRequest request, JsonAnswer answer) {
    HttpServerResponse response = request.response();
    if (request.version() == HttpVersion.HTTP_2) {
      answer.send(request).onComplete(sent -> response.reset(NO_ERROR));
    } else {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      answer.send(request);
      request.connection().close();
    }
  }
}
