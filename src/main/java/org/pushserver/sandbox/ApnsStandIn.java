// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonObject;
import java.security.PublicKey;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.pushserver.sandbox.ApnsRules.Refusal;

/** Answers as APNs does. One event loop. */
final class ApnsStandIn implements StandIn {
  private static final Map<Integer, String> USUAL =
      Map.of(
          400, "BadDeviceToken",
          403, "InvalidProviderToken",
          404, "BadPath",
          405, "MethodNotAllowed",
          410, "Unregistered",
          413, "PayloadTooLarge",
          429, "TooManyRequests",
          500, "InternalServerError",
          503, "ServiceUnavailable");

  private final ApnsRules rules;
  private final ProviderTokenChecks tokens;

  ApnsStandIn(Predicate<String> bundleIds, PublicKey key) {
    rules = new ApnsRules(bundleIds);
    tokens = new ProviderTokenChecks(key);
  }

  @Override
  public Service service() {
    return Service.APNS;
  }

  @Override
  public StandInAnswer judge(Inbound request) {
    Optional<Refusal> refusal = rules.check(request, tokens::check);
    return refusal
        .map(wrong -> forced(wrong.status(), wrong.reason(), request))
        .orElseGet(() -> new StandInAnswer(200, "", apnsId(request), ""));
  }

  @Override
  public StandInAnswer forced(int status, String reason, Inbound request) {
    if (status == 200) {
      return new StandInAnswer(status, "", apnsId(request), "");
    }
    String said = reason == null ? USUAL.getOrDefault(status, "InternalServerError") : reason;
    JsonObject body = new JsonObject().put("reason", said);
    if (status == 410) {
      body.put("timestamp", request.time().toEpochMilli());
    }
    return new StandInAnswer(status, said, apnsId(request), body.encode());
  }

  @Override
  public String token(Inbound request) {
    return ApnsRules.deviceToken(request.path()).toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> apnsId(Inbound request) {
    String given = request.headers().get("apns-id");
    return Map.of("apns-id", given == null ? UUID.randomUUID().toString() : given);
  }
}
