// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.pushserver.api.ApiResponse;

/** An answer on its way out over HTTP. */
final class HttpAnswer {
  private static final CharSequence JSON_TYPE = HttpHeaders.createOptimized(ApiResponse.TYPE);

  private HttpAnswer() {}

  /**
   * Sends an answer, unless there is one already or the caller has gone.
   *
   * @return completes when it is on its way
   */
  @CanIgnoreReturnValue
  static Future<Void> send(ApiResponse answer, HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return Future.succeededFuture();
    }
    response
        .setStatusCode(answer.status())
        .putHeader(
            HttpHeaders.CONTENT_TYPE,
            answer.type().equals(ApiResponse.TYPE) ? JSON_TYPE : answer.type());
    if (answer.retryAfter() > 0) {
      response.putHeader("Retry-After", Integer.toString(answer.retryAfter()));
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
      return response.end();
    }
    return response.end(answer.body());
  }
}
