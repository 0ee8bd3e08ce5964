// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "https://fcm.googleapis.com, fcm.googleapis.com, 443, https://fcm.googleapis.com",
    "https://fcm.googleapis.com/, fcm.googleapis.com, 443, https://fcm.googleapis.com",
    "fcm.googleapis.com, fcm.googleapis.com, 443, https://fcm.googleapis.com",
    "gateway.example:8443, gateway.example, 8443, https://gateway.example:8443",
    "HTTPS://gateway.example/a/b?c=d, gateway.example, 443, https://gateway.example/a/b?c=d",
    "http://127.0.0.1:9901/fcm/send, 127.0.0.1, 9901, http://127.0.0.1:9901/fcm/send",
    "http://127.255.0.3, 127.255.0.3, 80, http://127.255.0.3",
    "http://[::1]:9901/x, ::1, 9901, http://[::1]:9901/x",
    "http://LocalHost/x, LocalHost, 80, http://LocalHost/x",
  })
  void aUrlIsReadAndShownAgain(String text, String host, int port, String url) {
    Endpoint endpoint = Endpoint.parse(text);
    assertEquals(host, endpoint.host());
    assertEquals(port, endpoint.port());
    assertEquals(url, endpoint.url());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://fcm.googleapis.com",
        "http://192.0.2.1/",
        "http://[2001:db8::1]/",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "http://0.0.0.0/"
      })
  void plainHttpLeavesThisMachineNever(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text));
    assertTrue(refused.getMessage().contains("use https"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ftp://example.com",
        "https://",
        "https:///path",
        "https://user:secret@example.com",
        "https://example.com/#part",
        "https://example.com:0",
        "https://example.com:65536",
        "https://exa mple.com",
        "https://example.com/{project}"
      })
  void whatIsNoUsableUrlIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text));
  }

  @Test
  void aLoneSlashIsNoPath() {
    assertFalse(Endpoint.parse("https://example.com/").hasPath());
    assertTrue(Endpoint.parse("https://example.com/x").hasPath());
    assertEquals("/", Endpoint.parse("https://example.com").target());
  }
}
