// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;

class PeerAddressesTest {
  private static final InetSocketAddress UNKNOWN = new InetSocketAddress(0);

  private final ManualTime time = new ManualTime();
  private final List<String> asked = new ArrayList<>();
  private final PeerAddresses peers = new PeerAddresses(this::resolve, time);

  private InetAddress resolve(String name) throws UnknownHostException {
    asked.add(name);
    if (name.startsWith("nowhere")) {
      throw new UnknownHostException(name);
    }
    return InetAddress.getByAddress(name, new byte[] {17, 1, 2, 3});
  }

  private String of(String url) {
    InetSocketAddress found = peers.of(url, UNKNOWN);
    return found.equals(UNKNOWN)
        ? "unknown"
        : found.getAddress().getHostAddress() + ":" + found.getPort();
  }

  @Test
  void aNameIsLookedUpOnceInTenMinutes() {
    assertEquals("17.1.2.3:443", of("https://api.push.apple.com/3/device/ab"));
    assertEquals("17.1.2.3:2197", of("https://api.push.apple.com:2197/3/device/cd"));
    assertEquals(List.of("api.push.apple.com"), asked);
    time.advance(PeerAddresses.LONGEST);
    assertEquals("17.1.2.3:80", of("http://api.push.apple.com/"));
    assertEquals(2, asked.size());
  }

  @Test
  void aNameThatLeadsNowhereIsAskedForOnceInAMinute() {
    assertEquals("unknown", of("https://nowhere.example/"));
    assertEquals("unknown", of("https://nowhere.example/"));
    assertEquals(1, asked.size());
    time.advance(PeerAddresses.LONGEST_UNKNOWN);
    assertEquals("unknown", of("https://nowhere.example/"));
    assertEquals(2, asked.size());
  }

  @Test
  void whatIsNoUrlWithAHostIsUnknownAndNobodyIsAsked() {
    for (String url : List.of("", "no url", "https:///x", "urn:x", "%")) {
      assertSame(UNKNOWN, peers.of(url, UNKNOWN), url);
    }
    assertEquals(List.of(), asked);
  }

  @Test
  void anAddressInBracketsIsAskedForWithout() {
    assertEquals("17.1.2.3:8443", of("https://[2001:db8::1]:8443/x"));
    assertEquals(List.of("2001:db8::1"), asked);
  }

  @Test
  void manyNamesDoNotMakeItGrow() {
    for (int i = 0; i < 1_000; i++) {
      assertEquals("17.1.2.3:443", of("https://h" + i + ".example/"));
    }
    assertEquals("17.1.2.3:443", of("https://h999.example/"));
    assertEquals("17.1.2.3:443", of("https://h0.example/"));
    assertEquals(1_001, asked.size());
  }
}
