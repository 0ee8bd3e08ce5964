// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** Who holds connections without a word loses them to those who come later. */
class HandshakesTest {
  private final Handshakes<String> handshakes = new Handshakes<>(4, 2);

  private static InetAddress from(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theOldestOfTheSameAddressGoesWhenThatHasTooMany() {
    assertNull(handshakes.begin("member", from(1)));
    assertNull(handshakes.begin("a", from(2)));
    assertNull(handshakes.begin("b", from(2)));
    assertEquals("a", handshakes.begin("c", from(2)));
    assertEquals("b", handshakes.begin("d", from(2)));
  }

  @Test
  void theOldestOfAllGoesWhenThereAreTooMany() {
    assertNull(handshakes.begin("a", from(1)));
    assertNull(handshakes.begin("b", from(2)));
    assertNull(handshakes.begin("c", from(3)));
    assertNull(handshakes.begin("d", from(4)));
    assertEquals("a", handshakes.begin("e", from(5)));
  }

  @Test
  void whoHasEndedTakesNoPlace() {
    assertNull(handshakes.begin("a", from(2)));
    assertNull(handshakes.begin("b", from(2)));
    handshakes.end("a");
    assertNull(handshakes.begin("c", from(2)));
  }
}
