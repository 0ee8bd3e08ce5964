// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is done of TLS before the first connection. */
class TlsHeadStartTest {
  /** Of a record of TLS. */
  private static final int HANDSHAKE = 22;

  @Test
  void itGoesAsFarAsTheGreetingThatAPushServiceGets() throws Exception {
    ByteBuffer greeting = TlsHeadStart.greeting();

    assertEquals(HANDSHAKE, greeting.get(0));
    String text = StandardCharsets.ISO_8859_1.decode(greeting).toString();
    assertTrue(text.contains("push.invalid"));
    assertTrue(text.contains("\u0002h2"));
  }

  @Test
  void whatIsWrongWithTlsIsLeftToWhoNeedsIt() {
    assertDoesNotThrow(
        () ->
            TlsHeadStart.prepare(
                () -> {
                  throw new IllegalStateException("no such store");
                }));
  }
}
