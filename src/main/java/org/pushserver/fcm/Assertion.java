// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;

/**
 * The signed statement with which a service account asks for a token. RFC 7523; Google's claims.
 */
final class Assertion {
  private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
  private static final long LIFE_SECONDS = 3600;

  private Assertion() {}

  /**
   * Signs it; takes some milliseconds, so not on an event loop.
   *
   * @param now milliseconds since the epoch
   * @throws JOSEException when the key cannot sign
   */
  static String sign(Credential credential, long now) throws JOSEException {
    Instant issued = Instant.ofEpochMilli(now).truncatedTo(ChronoUnit.SECONDS);
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(JOSEObjectType.JWT)
            .keyID(credential.keyId())
            .build();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(credential.clientEmail())
            .claim("scope", SCOPE)
            .audience(credential.audience())
            .issueTime(Date.from(issued))
            .expirationTime(Date.from(issued.plusSeconds(LIFE_SECONDS)))
            .build();
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(new RSASSASigner(credential.key()));
    return jwt.serialize();
  }
}
