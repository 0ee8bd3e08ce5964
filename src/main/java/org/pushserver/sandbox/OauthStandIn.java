// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntSupplier;

/** Answers as Google's token endpoint does to service accounts (RFC 7523). One event loop. */
final class OauthStandIn implements StandIn {
  static final String PATH = "/token";

  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final List<String> SCOPES =
      List.of(
          "https://www.googleapis.com/auth/firebase.messaging",
          "https://www.googleapis.com/auth/cloud-platform");
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
  private static final int MAX_TOKENS = 1000;

  private final RSAPublicKey key;
  private final IntSupplier port;
  private final Map<String, Instant> expiries =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MAX_TOKENS;
        }
      };

  /**
   * @param key verifies assertions
   * @param port of this endpoint, once it listens
   */
  OauthStandIn(RSAPublicKey key, IntSupplier port) {
    this.key = key;
    this.port = port;
  }

  /** Where this endpoint is, as an assertion's audience names it. */
  static String uri(int port) {
    return "https://127.0.0.1:" + port + PATH;
  }

  /** Whether it issued this access token and the token has not expired. */
  boolean isValid(String accessToken, Instant now) {
    Instant expiry = expiries.get(accessToken);
    return expiry != null && now.isBefore(expiry);
  }

  @Override
  public Service service() {
    return Service.OAUTH;
  }

  @Override
  public StandInAnswer judge(Inbound request) {
    Map<String, List<String>> form =
        new QueryStringDecoder(request.body().toString(StandardCharsets.UTF_8), false).parameters();
    if (!request.method().equals("POST") || !GRANT.equals(first(form, "grant_type"))) {
      return error(400, "unsupported_grant_type", "POST a form with grant_type " + GRANT);
    }
    Optional<String> wrong = wrong(first(form, "assertion"), request.time());
    return wrong.map(what -> error(400, "invalid_grant", what)).orElseGet(() -> issue(request));
  }

  private static String first(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of("")).get(0);
  }

  /** What is wrong with an assertion; empty when nothing is. */
  private Optional<String> wrong(String assertion, Instant now) {
    try {
      SignedJWT jwt = SignedJWT.parse(assertion);
      if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())
          || !jwt.verify(new RSASSAVerifier(key))) {
        return Optional.of("the signature does not fit the account's key");
      }
      return wrong(jwt.getJWTClaimsSet(), now);
    } catch (ParseException | JOSEException e) {
      return Optional.of("the assertion is no signed JWT");
    }
  }

  private Optional<String> wrong(JWTClaimsSet claims, Instant now) throws ParseException {
    if (!SandboxKeys.ACCOUNT.equals(claims.getIssuer())) {
      return Optional.of("iss is not the account");
    }
    String uri = uri(port.getAsInt());
    if (!claims.getAudience().contains(uri)) {
      return Optional.of("aud is not " + uri);
    }
    if (claims.getIssueTime() == null || claims.getExpirationTime() == null) {
      return Optional.of("iat or exp is missing");
    }
    Instant issued = claims.getIssueTime().toInstant();
    Instant expiry = claims.getExpirationTime().toInstant();
    if (issued.isAfter(now.plus(CLOCK_SKEW))
        || !expiry.isAfter(now)
        || expiry.isAfter(issued.plus(LIFETIME))) {
      return Optional.of("iat and exp must span now and at most one hour");
    }
    String scope = claims.getStringClaim("scope");
    return scope != null && List.of(scope.split(" ", -1)).stream().anyMatch(SCOPES::contains)
        ? Optional.empty()
        : Optional.of("scope must be " + SCOPES.get(0));
  }

  private StandInAnswer issue(Inbound request) {
    String token = "sandbox." + UUID.randomUUID();
    expiries.put(token, request.time().plus(LIFETIME));
    return answer(
        200,
        "",
        new JsonObject()
            .put("access_token", token)
            .put("expires_in", LIFETIME.toSeconds())
            .put("token_type", "Bearer"));
  }

  @Override
  public StandInAnswer forced(int status, String reason, Inbound request) {
    if (status == 200) {
      return issue(request);
    }
    String usual = status < 500 ? "invalid_grant" : "internal_failure";
    return error(status, reason == null ? usual : reason, "the sandbox was told to");
  }

  private static StandInAnswer error(int status, String error, String description) {
    return answer(
        status, error, new JsonObject().put("error", error).put("error_description", description));
  }

  private static StandInAnswer answer(int status, String reason, JsonObject body) {
    return new StandInAnswer(
        status, reason, Map.of("content-type", "application/json; charset=utf-8"), body.encode());
  }

  @Override
  public String token(Inbound request) {
    return "";
  }
}
