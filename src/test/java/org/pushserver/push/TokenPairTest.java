// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenPairTest {
  @ParameterizedTest
  @CsvSource({
    "a1-b2, a1, b2",
    "a1#b2, a1, b2",
    "a1|b2, a1, b2",
    "a1:voip&b2:remote, a1, b2",
    "b2:remote&a1:voip, a1, b2",
    "a1:VoIP&b2:Remote, a1, b2",
    "a1:voip, a1,",
    "a1-, a1,",
    "b2:remote, , b2",
    "-b2, , b2",
    "'#b2', , b2",
    "|b2, , b2",
  })
  void twoTokensAreToldApartHoweverTheyAreJoined(String text, String voip, String remote) {
    assertEquals(Optional.of(new TokenPair(voip, remote)), TokenPair.parse(text));
  }

  @Test
  void aTokenWithoutAnyMarkIsForAll() {
    TokenPair pair = TokenPair.parse("a1").orElseThrow();
    assertTrue(pair.isLone());
    assertEquals(Optional.of("a1"), pair.pick(Kind.RING));
    assertEquals(Optional.of("a1"), pair.pick(Kind.CANCEL));
  }

  @Test
  void onlyARingGoesToTheTokenForVoip() {
    TokenPair pair = TokenPair.parse("a1-b2").orElseThrow();
    assertFalse(pair.isLone());
    assertEquals(Optional.of("a1"), pair.pick(Kind.RING));
    assertEquals(Optional.of("b2"), pair.pick(Kind.CANCEL));
    assertEquals(Optional.of("b2"), pair.pick(Kind.MESSAGE));
    assertEquals(Optional.of("b2"), pair.pick(Kind.TRANSFER));
  }

  @Test
  void aDeviceWithoutAVoipTokenRingsByTheOther() {
    assertEquals(Optional.of("b2"), new TokenPair(null, "b2").pick(Kind.RING));
  }

  @Test
  void aVoipTokenIsNeverUsedForAnythingThatDoesNotRing() {
    assertEquals(Optional.empty(), new TokenPair("a1", null).pick(Kind.CANCEL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "&",
        ":",
        ":voip",
        "a1:voip&b2:voip",
        "a1:remote&b2:remote",
        "a1:fileprovider",
        "a1:voip&b2",
        "a1&b2",
        "a1:voip&b2:remote&c3:voip",
        "a1:b2:voip"
      })
  void anythingElseIsNone(String text) {
    assertEquals(Optional.empty(), TokenPair.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a1", "a1:voip", "b2:remote", "a1:voip&b2:remote"})
  void itsTextIsReadAsTheSame(String text) {
    assertEquals(text, TokenPair.parse(text).orElseThrow().toString());
  }

  @Test
  void thereIsNoPairWithoutAToken() {
    assertThrows(IllegalArgumentException.class, () -> new TokenPair(null, null));
  }
}
