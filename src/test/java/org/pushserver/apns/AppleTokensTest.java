// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.Kind;
import org.pushserver.spi.TokenForm;

class AppleTokensTest {
  private final TokenForm tokens = new ApnsProvider().tokens();

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "aF09", "9c8e3b1f00aa9c8e3b1f00aa9c8e3b1f00aa9c8e3b1f00aa9c8e3b1f00aa0000"})
  void aTokenIsHexOfAnyLength(String token) {
    assertEquals(Optional.empty(), tokens.problem(token));
    assertEquals(token, tokens.pick(token, Kind.RING));
  }

  @ParameterizedTest
  @CsvSource({"RING, aa", "CANCEL, bb", "MESSAGE, bb", "TRANSFER, bb"})
  void ofAPairOnlyTheFirstRings(Kind kind, String token) {
    assertEquals(Optional.empty(), tokens.problem("aa-bb"));
    assertEquals(token, tokens.pick("aa-bb", kind));
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
  void anythingElseIsNone(String token, int place) {
    assertEquals(
        "wrong at character " + place, tokens.problem(token).orElseThrow().split("; ", 2)[1]);
  }

  @Test
  void caseMeansNothing() {
    assertEquals("aabb-cc", tokens.compared("aAbB-CC"));
  }
}
