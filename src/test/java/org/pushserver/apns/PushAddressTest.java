// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.pns.Endpoint;

class PushAddressTest {
  @ParameterizedTest
  @CsvSource({
    "api.push.apple.com, api.push.apple.com, 443, https://api.push.apple.com",
    "' api.push.apple.com ', api.push.apple.com, 443, https://api.push.apple.com",
    "api.push.apple.com:2197, api.push.apple.com, 2197, https://api.push.apple.com:2197",
    "https://gateway.example, gateway.example, 443, https://gateway.example",
    "HTTPS://gateway.example:8443/, gateway.example, 8443, https://gateway.example:8443",
    "127.0.0.1:1, 127.0.0.1, 1, https://127.0.0.1:1"
  })
  void aHostMayHaveAPortASchemeAndASlash(String text, String host, int port, String url) {
    Endpoint address = PushAddress.parse(text);
    assertEquals(new Endpoint(true, host, port, ""), address);
    assertEquals(url, address.url());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://gateway.example",
        "host:0",
        "host:65536",
        "host:x",
        "a b",
        "host/path",
        "u@host",
        "host?x",
        "host#x",
        "https://",
        ":443"
      })
  void anythingElseIsRefusedByName(String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> PushAddress.parse(text));
    assertTrue(refusal.getMessage().startsWith("'" + text + "' is neither"));
  }
}
