// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.BindException;
import org.junit.jupiter.api.Test;

class ListenAddressTest {
  @Test
  void anIpv6AddressStandsInBrackets() {
    assertEquals("[::]:8400", ListenAddress.text("::", 8400));
    assertEquals("[2001:db8::1]:0", ListenAddress.text("2001:db8::1", 0));
    assertEquals("127.0.0.1:8400", ListenAddress.text("127.0.0.1", 8400));
    assertEquals("push.example.com:8400", ListenAddress.text("push.example.com", 8400));
  }

  @Test
  void whereNothingCanListenIsNamed() {
    assertEquals(
        "cannot listen on [::1]:8400: Address already in use",
        ListenAddress.unusable("::1", 8400, new BindException("Address already in use"))
            .getMessage());
  }
}
