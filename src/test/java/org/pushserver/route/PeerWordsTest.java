// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerWordsTest {
  private static final String APPLE =
      "6688ff9c1e2d3b4a5968778695a4b3c2d1e0f00112233445566778899aabbcc0";
  private static final String ANDROID = "dGhpc19p5zBhX3Rva2Vu:APA91b" + "Xy_9-".repeat(28);
  private static final String PROVIDER =
      "eyJhbGciOiJFUzI1NiIsImtpZCI6IkFCQzEyM0RFRkcifQ.eyJpc3MiOiJURUFNMTIzNDU2IiwiaWF0IjoxN30."
          + "s1G-xT9_s1G-xT9_s1G-xT9_s1G-xT9_s1G-xT9_"
          + "Qm4-aZ0_Qm4-aZ0_Qm4-aZ0_Qm4-aZ0_Qm4-aZ0_";

  @ParameterizedTest
  @ValueSource(strings = {APPLE, PROVIDER})
  void aTokenThatIsRepeatedIsHidden(String token) {
    for (String text :
        new String[] {token, "bearer " + token + "!", "{\"token\":\"" + token + "\",\"n\":1}"}) {
      String shown = PeerWords.of(text);
      assertTrue(shown.contains("(hidden)"), shown);
      for (int from = 0; from + 32 <= token.length(); from++) {
        String part = token.substring(from, from + 32);
        assertTrue(!shown.contains(part), shown);
      }
    }
  }

  @Test
  void ofAnAndroidTokenNothingIsShownThatOneCouldSendTo() {
    assertEquals(
        "no such token dGhpc19p5zBhX3Rva2Vu:(hidden) here",
        PeerWords.of("no such token " + ANDROID + " here"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "session_timed_out",
        "{\"reason\":\"BadCertificateEnvironment\",\"timestamp\":1732560000000}",
        "TooManyProviderTokenUpdatesOfAllThatThereEverWere",
        "Firebase Cloud Messaging API has not been used in project 123456789012 before or it is"
            + " disabled. Enable it by visiting https://console.developers.google.com/apis/api/fcm"
            + ".googleapis.com/overview?project=123456789012 then retry.",
        "push@my-project-123456.iam.gserviceaccount.com lacks cloudmessaging.messages.create"
      })
  void whatIsMeantToBeReadStaysAsItIs(String text) {
    assertEquals(text, PeerWords.of(text));
  }

  @Test
  void itIsOneLineAndNotTooLong() {
    assertEquals("one two three", PeerWords.of("one\r\ntwo\u2028three\u202e\n"));
    assertEquals(PeerWords.MOST_CHARS + 1, PeerWords.of("so ".repeat(100_000)).length());
  }
}
