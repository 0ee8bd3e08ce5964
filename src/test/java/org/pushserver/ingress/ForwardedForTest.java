// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.config.AddressList;

class ForwardedForTest {
  private static final AddressList TRUSTED = AddressList.parse("10.0.0.0/8, 2001:db8::/32");
  private static final String PEER = "10.0.0.1";

  private static String client(String... lines) {
    return ForwardedFor.client(PEER, List.of(lines), TRUSTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1",
        "6.6.6.6, 192.0.2.1 | 192.0.2.1",
        "192.0.2.1, 10.0.0.2 | 192.0.2.1",
        "6.6.6.6, 192.0.2.1 , 10.0.0.2,10.0.0.3 | 192.0.2.1",
        "10.0.0.7, 10.0.0.2 | 10.0.0.7",
        "192.0.2.1:4711 | 192.0.2.1",
        "[2001:db9::1]:443 | 2001:db9:0:0:0:0:0:1",
        "2001:db9::1 | 2001:db9:0:0:0:0:0:1",
        "192.0.2.1, 2001:db8::5 | 192.0.2.1",
        "::ffff:192.0.2.1 | 192.0.2.1",
      })
  void theClientIsTheLastThatIsNoTrustedProxy(String line, String client) {
    assertEquals(client, client(line));
  }

  @Test
  void severalHeadersAreOneList() {
    assertEquals("192.0.2.1", client("6.6.6.6", "192.0.2.1", "10.0.0.2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ",", "unknown", "_hidden", "x\ry", "[", "[]", ":", "1.2.3", "localhost"})
  void whoIsNotNamedByAnAddressIsUnknown(String line) {
    assertEquals(ForwardedFor.UNKNOWN, client(line));
    assertEquals(ForwardedFor.UNKNOWN, client(line + ", 10.0.0.2"));
    assertFalse(TRUSTED.contains(ForwardedFor.UNKNOWN));
  }

  @Test
  void withoutTheHeaderTheClientIsTheProxy() {
    assertEquals(PEER, client());
  }

  @Test
  void anEndlessListHasAnEnd() {
    String[] hops = new String[2000];
    Arrays.fill(hops, "10.0.0.2");
    assertEquals("192.0.2.1", client("192.0.2.1," + String.join(",", hops)));
  }
}
