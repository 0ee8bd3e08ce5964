// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionIdTest {
  /** The values are those that existing installations send. */
  @ParameterizedTest
  @CsvSource({
    "Y2NlNzg0ODc5OGE3@10.0.0.1, d34aa1e4-a248-e9c8-779d-112383798624",
    "12345, 827ccb0e-ea8a-706c-4c34-a16891f84e7b",
    "ça-va-☎, 3de6f5f8-fd95-35cd-cd86-47b2f6d767ad",
    "'', d41d8cd9-8f00-b204-e980-0998ecf8427e",
  })
  void itIsTheGroupedMd5OfTheCallId(String callId, String sessionId) {
    assertEquals(sessionId, SessionId.of(callId));
  }
}
