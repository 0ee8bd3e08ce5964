// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * Answers as the API with a server key did, which Google ended in 2024 and compatible gateways
 * keep. One event loop.
 */
final class LegacyStandIn implements StandIn {
  static final String PATH = "/fcm/send";

  private final String authorization;
  private long accepted;

  LegacyStandIn(String key) {
    authorization = "key=" + key;
  }

  @Override
  public Service service() {
    return Service.FCM;
  }

  @Override
  public StandInAnswer judge(Inbound request) {
    if (!request.method().equals("POST")) {
      return answer(404, "NOT_FOUND", new JsonObject());
    }
    if (!authorization.equals(request.headers().get("authorization"))) {
      return answer(401, "Unauthorized", new JsonObject());
    }
    Optional<JsonObject> body = Payloads.object(request.body());
    if (body.isEmpty()) {
      return answer(400, "INVALID_JSON", new JsonObject());
    }
    return token(request).isEmpty() ? results("MissingRegistration") : taken();
  }

  private StandInAnswer taken() {
    accepted++;
    return answer(200, "", summary(new JsonObject().put("message_id", "0:" + accepted), true));
  }

  /** Errors of one token come in a body with status 200. */
  private static StandInAnswer results(String error) {
    return answer(200, "", summary(new JsonObject().put("error", error), false));
  }

  private static JsonObject summary(JsonObject result, boolean success) {
    return new JsonObject()
        .put("multicast_id", 1)
        .put("success", success ? 1 : 0)
        .put("failure", success ? 0 : 1)
        .put("canonical_ids", 0)
        .put("results", new JsonArray().add(result));
  }

  private static StandInAnswer answer(int status, String reason, JsonObject body) {
    return new StandInAnswer(
        status, reason, Map.of("content-type", "application/json"), body.encode());
  }

  @Override
  public StandInAnswer forced(int status, String reason, Inbound request) {
    return switch (status) {
      case 200 -> taken();
      case 404, 410 -> results(reason == null ? "NotRegistered" : reason);
      case 400 -> results(reason == null ? "InvalidRegistration" : reason);
      default -> answer(status, reason == null ? "Unavailable" : reason, new JsonObject());
    };
  }

  @Override
  public String token(Inbound request) {
    return Payloads.object(request.body())
        .map(body -> body.getValue("to"))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .orElse("");
  }
}
