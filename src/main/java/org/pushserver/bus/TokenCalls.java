// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.BiFunction;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.IncomingPush;
import org.pushserver.api.NamedAccount;
import org.pushserver.api.TokenApi;
import org.pushserver.config.Right;

/**
 * What can be asked of stored tokens over the event bus: the calls of version 2, their account in
 * the body. What over HTTP is answered without {@code code} is {@code data} here, so that every
 * reply has its status. Confined to one event loop.
 */
final class TokenCalls {
  private static final int OK = 200;

  private TokenCalls() {}

  /** The kinds of messages, by the ends of their addresses. */
  static Map<String, RequestConsumer.Kind> of(TokenApi api) {
    return Map.of(
        "add",
        kind(
            "a registration",
            Right.TOKENS,
            false,
            (named, asked) -> told(api.add(named.name(), asked), "registered")),
        "remove",
        kind(
            "a removal",
            Right.TOKENS,
            false,
            (named, asked) -> told(api.remove(named.name(), asked), "removed")),
        "list",
        kind(
            "a list of devices",
            Right.TOKENS,
            true,
            (named, asked) -> told(api.list(named.name(), asked.caller()), "devices")),
        "push",
        kind(
            "a push to an account",
            Right.PUSH,
            false,
            (named, asked) -> api.push(named.name(), named.device(), asked)));
  }

  private static RequestConsumer.Kind kind(
      String name,
      Right right,
      boolean keyed,
      BiFunction<NamedAccount, IncomingPush, Future<ApiResponse>> api) {
    return new RequestConsumer.Kind(
        name,
        "What is for stored tokens must be sent, not published: each consumer would do it once"
            + " more",
        right,
        true,
        keyed,
        asked -> api.apply(NamedAccount.of(asked), asked));
  }

  private static Future<ApiResponse> told(Future<ApiResponse> answer, String did) {
    return answer.map(given -> whole(given, did));
  }

  /** As {@code {code, description, data}}. */
  private static ApiResponse whole(ApiResponse given, String did) {
    JsonObject data = new JsonObject(given.body());
    String description = given.status() == OK ? did : data.getString("result", "");
    Buffer body =
        new JsonObject()
            .put("code", given.status())
            .put("description", description)
            .put("data", data)
            .toBuffer();
    return ApiResponse.of(given.status(), body, given.retryAfter());
  }
}
