// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.TokenApi;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;

/** The endpoints of stored tokens: version 2. Confined to one event loop. */
final class TokenEndpoints {
  private static final String ACCOUNT = "account";
  private static final String DEVICE = "device";
  private static final String OF_ACCOUNT = "/v2/tokens/{account}";

  private final TokenApi tokens;
  private final AnswerWriter writer;

  TokenEndpoints(TokenApi tokens, AnswerWriter writer) {
    this.tokens = tokens;
    this.writer = writer;
  }

  /** What can be asked for, the most frequent first. */
  List<HttpEndpoint<ApiRequest>> all() {
    return List.of(
        endpoint(
            HttpMethod.POST,
            OF_ACCOUNT + "/push",
            Guard.ACCOUNT_SENDER,
            writer.answeringLater(request -> push(request, null))),
        endpoint(
            HttpMethod.POST,
            OF_ACCOUNT + "/push/{device}",
            Guard.ACCOUNT_SENDER,
            writer.answeringLater(request -> push(request, request.context().pathParam(DEVICE)))),
        endpoint(
            HttpMethod.POST,
            OF_ACCOUNT,
            Guard.REGISTRAR,
            writer.answering(request -> tokens.add(account(request), request))),
        endpoint(
            HttpMethod.DELETE,
            OF_ACCOUNT,
            Guard.REGISTRAR,
            writer.answering(request -> tokens.remove(account(request), request))),
        endpoint(HttpMethod.GET, OF_ACCOUNT, Guard.ACCOUNT_READER, writer.answering(this::list)));
  }

  private static HttpEndpoint<ApiRequest> endpoint(
      HttpMethod method, String path, Guard guard, Handler<ApiRequest> handler) {
    return new HttpEndpoint<>(method, path, guard, handler);
  }

  private Future<ApiResponse> push(ApiRequest request, String device) {
    return tokens.push(account(request), device, request);
  }

  private Future<ApiResponse> list(ApiRequest request) {
    request.context().response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    return tokens.list(account(request), request.caller());
  }

  private static String account(ApiRequest request) {
    return request.context().pathParam(ACCOUNT);
  }
}
