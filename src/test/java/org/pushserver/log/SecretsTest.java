// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
  @ParameterizedTest
  @CsvSource({
    "Bearer ya29.a-b_c, ya29.a-b_c",
    "bearer ey.ey.sig, ey.ey.sig",
    "key=AAAA:bbb, AAAA:bbb",
    "Basic dTpwdw==, dTpwdw==",
    "bare, bare",
    "sandbox.1, sandbox.1"
  })
  void ofAnAuthorizationAllBehindItsSchemeIsSecret(String header, String secret) {
    assertEquals(secret, Secrets.credential(header));
  }

  @ParameterizedTest
  @CsvSource({
    "who sent Bearer a/b+c=? , who sent Bearer (hidden)?",
    "a/b+c=a/b+c=, (hidden)(hidden)",
    "'{\"t\":\"a\\/b+c=\"}', '{\"t\":\"(hidden)\"}'",
    "t=a%2Fb%2Bc%3D, t=(hidden)",
    "nothing of it, nothing of it",
    "short, short"
  })
  void aSecretIsHiddenHoweverItIsWritten(String text, String shown) {
    assertEquals(shown, Secrets.without("a/b+c=", text));
  }

  @Test
  void whereThereIsNoSecretNothingIsHidden() {
    assertEquals("text", Secrets.without("", "text"));
  }
}
