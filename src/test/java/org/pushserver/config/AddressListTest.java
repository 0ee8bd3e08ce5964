// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressListTest {
  @Test
  void anEmptyListLetsEverybodyIn() {
    assertSame(AddressList.ALL, AddressList.parse(" , ,"));
    assertTrue(AddressList.ALL.allows("203.0.113.9"));
    assertTrue(AddressList.ALL.allows("2001:db8::9"));
  }

  @Test
  void anAddressLetsOnlyItselfIn() {
    AddressList list = AddressList.parse("10.0.0.1, 2001:db8::1");
    assertTrue(list.allows("10.0.0.1"));
    assertFalse(list.allows("10.0.0.2"));
    assertTrue(list.allows("2001:db8:0:0:0:0:0:1"));
    assertFalse(list.allows("2001:db8::2"));
  }

  @Test
  void aNetworkLetsItsAddressesInAndNoOthers() {
    AddressList list = AddressList.parse("10.1.0.0/16,2001:db8::/32");
    assertTrue(list.allows("10.1.255.255"));
    assertFalse(list.allows("10.2.0.0"));
    assertTrue(list.allows("2001:db8:ffff::1"));
    assertFalse(list.allows("2001:db9::1"));
  }

  @Test
  void hostBitsOfANetworkDoNotMatter() {
    AddressList list = AddressList.parse("10.1.2.3/16, 2001:db8::5/32");
    assertTrue(list.allows("10.1.9.9"));
    assertFalse(list.allows("10.2.2.3"));
    assertTrue(list.allows("2001:db8:1::1"));
  }

  @Test
  void theWholeInternetCanBeANetwork() {
    AddressList four = AddressList.parse("0.0.0.0/0");
    assertTrue(four.allows("203.0.113.9"));
    assertFalse(four.allows("2001:db8::1"));
    assertTrue(AddressList.parse("::/0").allows("2001:db8::1"));
  }

  @Test
  void addressesFrom128UpAreNoDifferent() {
    AddressList list = AddressList.parse("192.168.0.0/16, 255.255.255.255");
    assertTrue(list.allows("192.168.7.7"));
    assertFalse(list.allows("192.169.0.0"));
    assertFalse(list.allows("64.168.7.7"));
    assertTrue(list.allows("255.255.255.255"));
  }

  @Test
  void anIpv4CallerMappedIntoIpv6CountsAsIpv4() {
    AddressList list = AddressList.parse("10.0.0.0/8");
    assertTrue(list.allows("::ffff:10.0.0.1"));
    assertTrue(list.allows("::ffff:a00:1"));
    assertFalse(list.allows("::ffff:11.0.0.1"));
  }

  @Test
  void anIpv4EntryMappedIntoIpv6MeansTheIpv4Address() {
    AddressList list = AddressList.parse("::ffff:10.0.0.1");
    assertTrue(list.allows("10.0.0.1"));
    assertTrue(list.allows("::ffff:10.0.0.1"));
    assertFalse(list.allows("10.0.0.2"));
    AddressList network = AddressList.parse("::ffff:10.0.0.0/104");
    assertTrue(network.allows("10.255.0.1"));
    assertFalse(network.allows("11.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "10.0.0", "10.0.0.1:80", "nonsense"})
  void whatIsNoAddressIsNotLetIn(String caller) {
    assertFalse(AddressList.parse("10.0.0.0/8").allows(caller));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "10.0.0",
        "256.1.1.1",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "2001:db8::/129",
        "::ffff:10.0.0.0/90",
        "2001:db8::zz",
        "10.0.0.1 10.0.0.2"
      })
  void aWrongEntryIsNamed(String entry) {
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> AddressList.parse("127.0.0.1, " + entry + ", 10.0.0.0/8"));
    assertTrue(wrong.getMessage().contains("'" + entry + "'"), wrong.getMessage());
  }

  @Test
  void itShowsWhatWasConfigured() {
    assertEquals("10.0.0.0/8, ::1", AddressList.parse("10.0.0.0/8,::1,").toString());
    assertEquals("all", AddressList.ALL.toString());
  }
}
