// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestAccount;
import org.pushserver.pns.Endpoint;

class AssertionTest {
  @Test
  void itIsSignedAndSaysWhoAsksWhomForWhat() throws Exception {
    TestAccount account = TestAccount.create();
    String uri = "https://oauth2.googleapis.com/token";
    Credential credential =
        new Credential(
            TestAccount.EMAIL,
            TestAccount.KEY_ID,
            account.keys().getPrivate(),
            Endpoint.parse(uri),
            uri);
    SignedJWT jwt = SignedJWT.parse(Assertion.sign(credential, ManualTime.START + 999));
    assertTrue(jwt.verify(new RSASSAVerifier((RSAPublicKey) account.keys().getPublic())));
    assertEquals(JWSAlgorithm.RS256, jwt.getHeader().getAlgorithm());
    assertEquals(TestAccount.KEY_ID, jwt.getHeader().getKeyID());
    long issued = ManualTime.START / 1000;
    assertEquals(
        Map.<String, Object>of(
            "iss",
            TestAccount.EMAIL,
            "scope",
            "https://www.googleapis.com/auth/firebase.messaging",
            "aud",
            uri,
            "iat",
            issued,
            "exp",
            issued + 3600),
        jwt.getPayload().toJSONObject());
  }
}
