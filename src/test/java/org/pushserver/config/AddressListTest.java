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
    assertTrue(AddressList.ALL.contains("203.0.113.9"));
    assertTrue(AddressList.ALL.contains("2001:db8::9"));
  }

  @Test
  void anAddressLetsOnlyItselfIn() {
    AddressList list = AddressList.parse("10.0.0.1, 2001:db8::1");
    assertTrue(list.contains("10.0.0.1"));
    assertFalse(list.contains("10.0.0.2"));
    assertTrue(list.contains("2001:db8:0:0:0:0:0:1"));
    assertFalse(list.contains("2001:db8::2"));
  }

  @Test
  void aNetworkLetsItsAddressesInAndNoOthers() {
    AddressList list = AddressList.parse("10.1.0.0/16,2001:db8::/32");
    assertTrue(list.contains("10.1.255.255"));
    assertFalse(list.contains("10.2.0.0"));
    assertTrue(list.contains("2001:db8:ffff::1"));
    assertFalse(list.contains("2001:db9::1"));
  }

  @Test
  void hostBitsOfANetworkDoNotMatter() {
    AddressList list = AddressList.parse("10.1.2.3/16, 2001:db8::5/32");
    assertTrue(list.contains("10.1.9.9"));
    assertFalse(list.contains("10.2.2.3"));
    assertTrue(list.contains("2001:db8:1::1"));
  }

  @Test
  void theWholeInternetCanBeANetwork() {
    AddressList four = AddressList.parse("0.0.0.0/0");
    assertTrue(four.contains("203.0.113.9"));
    assertFalse(four.contains("2001:db8::1"));
    assertTrue(AddressList.parse("::/0").contains("2001:db8::1"));
  }

  @Test
  void addressesFrom128UpAreNoDifferent() {
    AddressList list = AddressList.parse("192.168.0.0/16, 255.255.255.255");
    assertTrue(list.contains("192.168.7.7"));
    assertFalse(list.contains("192.169.0.0"));
    assertFalse(list.contains("64.168.7.7"));
    assertTrue(list.contains("255.255.255.255"));
  }

  @Test
  void anIpv4CallerMappedIntoIpv6CountsAsIpv4() {
    AddressList list = AddressList.parse("10.0.0.0/8");
    assertTrue(list.contains("::ffff:10.0.0.1"));
    assertTrue(list.contains("::ffff:a00:1"));
    assertFalse(list.contains("::ffff:11.0.0.1"));
  }

  @Test
  void anIpv4EntryMappedIntoIpv6MeansTheIpv4Address() {
    AddressList list = AddressList.parse("::ffff:10.0.0.1");
    assertTrue(list.contains("10.0.0.1"));
    assertTrue(list.contains("::ffff:10.0.0.1"));
    assertFalse(list.contains("10.0.0.2"));
    AddressList network = AddressList.parse("::ffff:10.0.0.0/104");
    assertTrue(network.contains("10.255.0.1"));
    assertFalse(network.contains("11.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "10.0.0", "10.0.0.1:80", "nonsense"})
  void whatIsNoAddressIsNotLetIn(String caller) {
    assertFalse(AddressList.parse("10.0.0.0/8").contains(caller));
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

  @Test
  void anEmptyListIsWhatItIsSaidToBe() {
    assertTrue(AddressList.parse(" , ", AddressList.ALL).isAll());
    assertTrue(AddressList.parse(" , ", AddressList.NONE).isNone());
    assertFalse(AddressList.NONE.contains("127.0.0.1"));
    assertFalse(AddressList.parse("::1", AddressList.NONE).isNone());
  }
}
