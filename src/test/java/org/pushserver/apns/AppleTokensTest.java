// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    "aa-, 4",
    "-, 2",
    "-g, 2",
    "a-b-c, 4",
    "'a#b#c', 4",
    "a-b#c, 4",
    "'a#', 3",
    "a|b, 2",
    "a&b, 2",
    "ab:cd, 3",
    "ab:voip&cd, 3",
    "ab:voip&cd:voip, 3",
    ":voip, 1",
    "ab:voip&xy:remote, 9",
    "ab:remote&cd:, 3"
  })
  void anythingElseIsNone(String token, int place) {
    assertEquals(
        "wrong at character " + place, tokens.problem(token).orElseThrow().split("; ", 2)[1]);
  }

  @ParameterizedTest
  @CsvSource({
    "aa-bb, aa, bb",
    "'aa#bb', aa, bb",
    "aa:voip&bb:remote, aa, bb",
    "bb:remote&aa:voip, aa, bb",
    "BB:Remote&AA:VoIP, AA, BB",
    "-bb, bb, bb",
    "'#bb', bb, bb",
    "bb:remote, bb, bb",
    "aa:voip, aa, ''",
    "aa, aa, aa"
  })
  void aPairMayBeWrittenInManyWays(String token, String ring, String other) {
    assertEquals(Optional.empty(), tokens.problem(token));
    assertEquals(ring, tokens.pick(token, Kind.RING));
    assertEquals(other, tokens.pick(token, Kind.CANCEL));
    assertEquals(other, tokens.pick(token, Kind.MESSAGE));
  }

  @ParameterizedTest
  @CsvSource({
    "-bb, true",
    "'#bb', true",
    "bb:remote, true",
    "aa, false",
    "aa-bb, false",
    "aa:voip, false",
    "aa:voip&bb:remote, false"
  })
  void onlyADeviceThatSaysSoIsWithoutVoip(String token, boolean without) {
    assertEquals(without, tokens.isWithoutVoip(token));
  }

  @ParameterizedTest
  @CsvSource({"aa, remote, aa:remote", "aa, voip, aa:voip", "aa-bb, remote, aa-bb"})
  void onlyALoneTokenIsGivenAKind(String token, String kind, String read) {
    assertEquals(read, tokens.ofKind(token, kind));
  }

  @Test
  void caseMeansNothing() {
    assertEquals("aabb-cc", tokens.compared("aAbB-CC"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aa-bb", "-bb", "bb:remote", "aa:voip&bb:remote", "aa#bb"})
  void aRemoteTokenWakesAnApp(String token) {
    assertEquals(Optional.empty(), tokens.unfit(token, Kind.WAKE));
    assertEquals("bb", tokens.pick(token, Kind.WAKE));
  }

  @Test
  void aLoneTokenIsTakenForOneThatRings() {
    assertTrue(tokens.unfit("aa", Kind.WAKE).isPresent());
    assertEquals(Optional.empty(), tokens.unfit("aa", Kind.RING));
    assertEquals(Optional.empty(), tokens.unfit("aa", Kind.MESSAGE));
    assertEquals("", tokens.pick("aa:voip", Kind.WAKE));
  }
}
