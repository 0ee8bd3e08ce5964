// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;

class DeviceTokensTest {
  @ParameterizedTest
  @ValueSource(strings = {"0", "aF09", SampleRequest.APPLE_TOKEN})
  void anAppleTokenIsHexOfAnyLength(String token) {
    assertEquals(token, DeviceTokens.pick(AppKey.APPLE, token, Kind.RING));
  }

  @ParameterizedTest
  @CsvSource({"RING, aa", "CANCEL, bb", "MESSAGE, bb", "TRANSFER, bb"})
  void ofAPairOnlyTheFirstRings(Kind kind, String token) {
    assertEquals(token, DeviceTokens.pick(AppKey.APPLE, "aa-bb", kind));
  }

  @ParameterizedTest
  @CsvSource({
    "aag0, 3",
    "aa bb, 3",
    "aa/bb, 3",
    "g, 1",
    "٣, 1",
    "-aa, 1",
    "aa-, 4",
    "-, 1",
    "a-b-c, 4"
  })
  void anythingElseIsNoAppleToken(String token, int place) {
    RequestRefused refusal =
        assertThrows(
            RequestRefused.class, () -> DeviceTokens.pick(AppKey.APPLE, token, Kind.RING), token);
    assertEquals(400, refusal.status());
    assertEquals("wrong at character " + place, refusal.description().split("; ", 2)[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aaaa-bbbb", "42", SampleRequest.FCM_TOKEN, "https://up.example/x?y=~"})
  void otherTokensAreOpaque(String token) {
    assertEquals(token, DeviceTokens.pick(AppKey.FIREBASE, token, Kind.CANCEL));
    assertEquals(token, DeviceTokens.pick("pigeon", token, Kind.CANCEL));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "é", "a\u007f"})
  void otherTokensArePrintableAscii(String token) {
    assertThrows(RequestRefused.class, () -> DeviceTokens.pick(AppKey.FIREBASE, token, Kind.RING));
  }
}
