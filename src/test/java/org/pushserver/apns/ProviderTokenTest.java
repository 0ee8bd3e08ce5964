// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.apns.ProviderToken.Bearer;
import org.pushserver.fake.ManualTime;

class ProviderTokenTest {
  private final ManualTime time = new ManualTime();
  private ECKey key;
  private ProviderToken token;

  @BeforeEach
  void make() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).generate();
    token = new ProviderToken("DEF123GHIJ", "ABC123DEFG", key.toECPrivateKey());
  }

  @Test
  void itIsSignedAndSaysKeyTeamAndTimeAndNothingElse() throws Exception {
    Bearer bearer = token.renew(null, time);
    assertTrue(bearer.authorization().startsWith("bearer "));
    JWSObject jws = JWSObject.parse(bearer.authorization().substring(7));
    assertTrue(jws.verify(new ECDSAVerifier(key.toECPublicKey())));
    assertEquals(Map.of("alg", "ES256", "kid", "ABC123DEFG"), jws.getHeader().toJSONObject());
    assertEquals(
        Map.of("iss", "DEF123GHIJ", "iat", ManualTime.START / 1000),
        jws.getPayload().toJSONObject());
    assertEquals(64, jws.getSignature().decode().length);
  }

  @Test
  void itIsRenewedAfterFiftyMinutesOfAClockThatIsNeverSet() throws Exception {
    Bearer bearer = token.renew(null, time);
    time.advance(Duration.ofMinutes(50).minusMillis(1));
    assertFalse(bearer.isDue(time));
    time.advance(Duration.ofMillis(1));
    assertTrue(bearer.isDue(time));
    assertTrue(bearer.isUsable(time.nanos()));
    time.advance(Duration.ofMinutes(8));
    assertFalse(bearer.isUsable(time.nanos()));
  }

  @Test
  void itIsRenewedWhenTheWallClockThatDatedItWasSet() throws Exception {
    ShiftedTime shifted = new ShiftedTime(time);
    shifted.shift(Duration.ofMinutes(-6));
    Bearer bearer = token.renew(null, shifted);
    assertFalse(bearer.isDue(shifted));
    shifted.shift(Duration.ofMinutes(-1));
    assertFalse(bearer.isDue(shifted), "5 minutes are still right");
    shifted.shift(Duration.ZERO);
    assertTrue(bearer.isDue(shifted));
    shifted.shift(Duration.ofMinutes(-12));
    assertTrue(bearer.isDue(shifted));
  }

  @Test
  void whoeverComesLateToARenewalGetsTheNewOne() throws Exception {
    Bearer old = token.renew(null, time);
    assertSame(old, token.renew(null, time));
    time.advance(Duration.ofMinutes(50));
    Bearer fresh = token.renew(old, time);
    assertNotEquals(old, fresh);
    assertSame(fresh, token.renew(old, time));
    assertSame(fresh, token.current());
  }

  @Test
  void manyRefusalsOfOneTokenLeadToOneRenewal() throws Exception {
    Bearer old = token.renew(null, time);
    time.advance(Duration.ofMinutes(1));
    Optional<Bearer> fresh = token.renewRefused(old, time);
    assertNotEquals(Optional.of(old), fresh);
    for (int i = 0; i < 100; i++) {
      assertEquals(fresh, token.renewRefused(old, time));
    }
  }

  @Test
  void aRenewalThatDidNotHelpIsNotRepeatedForTwentyMinutes() throws Exception {
    Bearer first = token.renew(null, time);
    time.advance(Duration.ofMinutes(1));
    Bearer second = token.renewRefused(first, time).orElseThrow();
    time.advance(Duration.ofMinutes(20).minusMillis(1));
    assertEquals(Optional.empty(), token.renewRefused(second, time));
    time.advance(Duration.ofMillis(1));
    assertTrue(token.renewRefused(second, time).isPresent());
  }

  @Test
  void itNeverShowsInALog() throws Exception {
    assertEquals("Bearer", token.renew(null, time).toString());
  }
}
