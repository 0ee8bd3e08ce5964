// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.Caller;
import org.pushserver.api.Printable;
import org.pushserver.api.RefusalShape;
import org.pushserver.api.RequestRefused;
import org.pushserver.audit.PushLogLines;
import org.pushserver.log.LogLine;
import org.pushserver.observe.RequestMeters;
import org.pushserver.observe.RequestMeters.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests that do not become a push, all in one kind of log line. */
final class ErrorResponses {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  /** RFC 9113: the answer is complete, and no more of the request is wanted. */
  private static final long NO_ERROR = 0;

  private static final String BROKEN = "internal error";
  private static final String CHALLENGE = "Bearer realm=\"pushserver\"";

  private final AccessControl access;
  private final RequestMeters meters;

  /** Null for our own, which may be asked for as a form. */
  private final RefusalShape shape;

  /**
   * @param access knows who sent a request
   * @param meters counts them
   */
  ErrorResponses(AccessControl access, RequestMeters meters) {
    this(access, meters, null);
  }

  private ErrorResponses(AccessControl access, RequestMeters meters, RefusalShape shape) {
    this.access = access;
    this.meters = meters;
    this.shape = shape;
  }

  /** The same for senders who expect another shape. */
  ErrorResponses in(RefusalShape other) {
    return new ErrorResponses(access, meters, other);
  }

  /**
   * The caller's address is not on the list. It loses its connection; one that comes through a
   * trusted proxy loses its request alone, because others share that connection.
   */
  void denied(HttpServerRequest request, ClientConnections.Client client) {
    log(request, "", 403, "not in allowed_hosts");
    count(request, null, new RequestRefused(403, Refused.ADDRESS, "not in allowed_hosts"));
    if (request.version() != HttpVersion.HTTP_2 || access.isProxy(client)) {
      answerAndClose(request, ApiResponse.denied());
    } else {
      client.closing();
      HttpAnswer.send(ApiResponse.denied(), request).onComplete(sent -> client.cut());
    }
  }

  /** What arrived is no HTTP request that the server can read. */
  void malformed(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    RequestRefused refusal;
    if (cause instanceof TooLongHttpLineException) {
      refusal = RequestRefused.ofUnfinished(414, "The request line is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      refusal = RequestRefused.ofUnfinished(431, "The request's headers are too long");
    } else {
      refusal = RequestRefused.ofUnfinished(400, "Not a valid HTTP request");
    }
    refuse(request, null, refusal);
  }

  /** Handling a request failed: by a refusal, or by a fault of ours. */
  void failed(HttpServerRequest request, Throwable failure) {
    failed(request, null, failure);
  }

  /**
   * The same of a request that was let in.
   *
   * @param caller who sent it; null when that is not known yet
   */
  void failed(HttpServerRequest request, Caller caller, Throwable failure) {
    if (failure instanceof RequestRefused refusal) {
      refuse(request, caller, refusal);
    } else {
      LOG.error(
          "a request from {} failed, which is a fault of Pushserver; its sender was answered 500,"
              + " all else goes on; please report this line and those below it",
          access.address(request),
          failure);
      HttpAnswer.send(
          shape == null ? ApiResponse.broken() : shape.refused(500, BROKEN, 0), request);
    }
  }

  /** The router itself gave up on a request. */
  void failed(RoutingContext context) {
    if (context.statusCode() >= 400 && context.statusCode() < 500) {
      refuse(
          context.request(),
          null,
          new RequestRefused(context.statusCode(), "Not a valid HTTP request"));
    } else {
      failed(context.request(), context.failure());
    }
  }

  /** Counts a refusal of what goes on without an answer of ours. */
  void count(HttpServerRequest request, Caller caller, RequestRefused refusal) {
    meters.refused(
        refusal.status(),
        refusal.why(),
        () ->
            refusal.request(
                caller == null ? access.address(request) : caller.toString(), asked(request)));
  }

  private static String asked(HttpServerRequest request) {
    return Printable.cut(request.method().name())
        + " "
        + Printable.path(Objects.requireNonNullElse(request.path(), ""));
  }

  private void refuse(HttpServerRequest request, Caller caller, RequestRefused refusal) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    log(request, refusal.callId(), refusal.status(), refusal.description());
    count(request, caller, refusal);
    if (refusal.status() == 401) {
      response.putHeader("WWW-Authenticate", CHALLENGE);
    }
    ApiResponse answer =
        shape == null
            ? ApiResponse.refused(refusal, refusal.isInForm() || AnswerForm.isAsked(request))
            : shape.refused(refusal.status(), refusal.description(), refusal.retryAfter());
    if (refusal.isUnfinished()) {
      answerAndClose(request, answer);
    } else {
      HttpAnswer.send(answer, request);
    }
  }

  private void log(HttpServerRequest request, String callId, int status, String reason) {
    if (LOG.isInfoEnabled()) {
      LOG.info(
          LogLine.MESSAGE,
          PushLogLines.refused(
              callId,
              status,
              access.address(request),
              Printable.cut(request.method().name()),
              Printable.path(Objects.requireNonNullElse(request.path(), "")),
              reason));
    }
  }

  /** Closes what carries the request: over HTTP/2 its stream, for others share the connection. */
  private static void answerAndClose(HttpServerRequest request, ApiResponse answer) {
    HttpServerResponse response = request.response();
    if (request.version() == HttpVersion.HTTP_2) {
      HttpAnswer.send(answer, request).onComplete(sent -> response.reset(NO_ERROR));
    } else {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      HttpAnswer.send(answer, request);
      request.connection().close();
    }
  }
}
