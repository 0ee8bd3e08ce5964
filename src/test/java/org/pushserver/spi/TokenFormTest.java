// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fcm.FcmProvider;
import org.pushserver.push.Kind;

class TokenFormTest {
  private final TokenForm tokens = new FcmProvider().tokens();

  @ParameterizedTest
  @ValueSource(strings = {"aaaa-bbbb", "42", "fcm:APA91b_x-y", "https://up.example/x?y=~"})
  void aTokenIsOpaque(String token) {
    assertEquals(Optional.empty(), tokens.problem(token));
    assertEquals(token, tokens.pick(token, Kind.CANCEL));
    assertEquals(token, tokens.compared(token));
  }

  @ParameterizedTest
  @CsvSource({"a b, 2", "é, 1", "a\u007f, 2"})
  void aTokenIsPrintableAscii(String token, int place) {
    assertEquals(
        Optional.of("printable ASCII without spaces; wrong at character " + place),
        tokens.problem(token));
  }
}
