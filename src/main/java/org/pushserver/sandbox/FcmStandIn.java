// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.sandbox.FcmRules.Violation;

/** Answers as FCM's HTTP v1 API does. One event loop. */
final class FcmStandIn implements StandIn {
  private static final String PATH = "/v1/projects/" + SandboxKeys.PROJECT + "/messages:send";
  private static final String SCHEME = "Bearer ";

  private final OauthStandIn oauth;
  private long accepted;

  FcmStandIn(OauthStandIn oauth) {
    this.oauth = oauth;
  }

  @Override
  public Service service() {
    return Service.FCM;
  }

  @Override
  public StandInAnswer judge(Inbound request) {
    boolean send = request.path().matches("/v1/projects/[^/]+/messages:send");
    if (!send || !request.method().equals("POST")) {
      return new StandInAnswer(404, "NOT_FOUND", Map.of("content-type", "text/html"), "<html/>");
    }
    if (!isAuthorized(request)) {
      return FcmErrors.plain(401, "The access token is missing, unknown or expired.")
          .with("www-authenticate", "Bearer realm=\"sandbox\"");
    }
    if (!request.path().equals(PATH)) {
      return FcmErrors.plain(403, "The account has no access to this project.");
    }
    Optional<JsonObject> body = Payloads.object(request.body());
    List<Violation> violations =
        body.map(FcmRules::check)
            .orElseGet(() -> List.of(new Violation("", "the body is no JSON object")));
    return violations.isEmpty() ? taken() : FcmErrors.violations(violations);
  }

  private boolean isAuthorized(Inbound request) {
    String authorization = request.headers().get("authorization");
    return authorization != null
        && authorization.startsWith(SCHEME)
        && oauth.isValid(authorization.substring(SCHEME.length()), request.time());
  }

  private StandInAnswer taken() {
    accepted++;
    String name = "projects/" + SandboxKeys.PROJECT + "/messages/" + accepted;
    return new StandInAnswer(
        200,
        "",
        Map.of("content-type", "application/json; charset=UTF-8"),
        new JsonObject().put("name", name).encode());
  }

  @Override
  public StandInAnswer forced(int status, String reason, Inbound request) {
    return status == 200 ? taken() : FcmErrors.fcm(status, reason);
  }

  @Override
  public String token(Inbound request) {
    return Payloads.object(request.body())
        .map(body -> body.getValue("message"))
        .filter(JsonObject.class::isInstance)
        .map(message -> ((JsonObject) message).getValue("token"))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .orElse("");
  }
}
