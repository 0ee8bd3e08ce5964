// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.pushserver.sandbox.ApnsRules.Refusal;

/** What Apple checks of a provider token. One event loop. */
final class ProviderTokenChecks {
  private static final Duration MAX_AGE = Duration.ofHours(1);
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
  private static final int CONCATENATED = 64;
  private static final String SCHEME = "bearer ";

  private final PublicKey key;

  // Verifying costs more than all else together, and clients send one token for an hour.
  private String lastGood = "";
  private Instant lastIssued = Instant.EPOCH;

  ProviderTokenChecks(PublicKey key) {
    this.key = key;
  }

  /** The first thing wrong with a request's credentials; empty when nothing is. */
  Optional<Refusal> check(Inbound request) {
    if (request.certificate()) {
      return Optional.empty();
    }
    String authorization = request.headers().get("authorization");
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return refuse("MissingProviderToken");
    }
    String token = authorization.substring(SCHEME.length()).strip();
    if (!token.equals(lastGood)) {
      Optional<Instant> issued = verified(token);
      if (issued.isEmpty() || issued.get().isAfter(request.time().plus(CLOCK_SKEW))) {
        return refuse("InvalidProviderToken");
      }
      lastGood = token;
      lastIssued = issued.get();
    }
    return lastIssued.plus(MAX_AGE).isBefore(request.time())
        ? refuse("ExpiredProviderToken")
        : Optional.empty();
  }

  /** When the token was issued; empty when it is not one of ours. */
  private Optional<Instant> verified(String token) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      Date issued = claims.getIssueTime();
      boolean good =
          JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm())
              && SandboxKeys.KEY_ID.equals(jwt.getHeader().getKeyID())
              && SandboxKeys.TEAM_ID.equals(claims.getIssuer())
              && issued != null
              && signatureFits(jwt);
      return good ? Optional.of(issued.toInstant()) : Optional.empty();
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  private boolean signatureFits(SignedJWT jwt) {
    byte[] signature = jwt.getSignature().decode();
    // RFC 7518 wants both numbers one after the other; Apple takes the DER form as well.
    String algorithm =
        signature.length == CONCATENATED ? "SHA256withECDSAinP1363Format" : "SHA256withECDSA";
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(jwt.getSigningInput());
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static Optional<Refusal> refuse(String reason) {
    return Optional.of(new Refusal(403, reason));
  }
}
