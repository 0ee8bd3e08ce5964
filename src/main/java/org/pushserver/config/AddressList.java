// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Addresses and networks, as in {@code allowed_hosts}. Immutable; any thread. */
public final class AddressList {
  private static final String EVERYBODY = "all";

  /** Lets everybody in, as an absent {@code allowed_hosts} does. */
  public static final AddressList ALL = new AddressList(EVERYBODY, List.of());

  /** Nobody is on it. */
  public static final AddressList NONE = new AddressList("none", List.of());

  private final String text;
  private final List<IpSubnetFilterRule> networks;

  private AddressList(String text, List<IpSubnetFilterRule> networks) {
    this.text = text;
    this.networks = networks;
  }

  /** Reads a list as the other {@code parse} does; an empty one is everybody. */
  public static AddressList parse(String text) {
    return parse(text, ALL);
  }

  /**
   * Reads a comma separated list of IPv4 and IPv6 addresses and CIDR networks.
   *
   * @param whenEmpty what it means when nothing is on the list
   * @throws IllegalArgumentException names the first entry that is neither
   */
  public static AddressList parse(String text, AddressList whenEmpty) {
    List<String> entries = new ArrayList<>();
    List<IpSubnetFilterRule> networks = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String entry = part.strip();
      if (!entry.isEmpty()) {
        networks.add(network(entry));
        entries.add(entry);
      }
    }
    return entries.isEmpty()
        ? whenEmpty
        : new AddressList(String.join(", ", entries), List.copyOf(networks));
  }

  private static IpSubnetFilterRule network(String entry) {
    int slash = entry.indexOf('/');
    String address = slash < 0 ? entry : entry.substring(0, slash);
    // NetUtil never asks DNS: a host name is an error here, not a look-up.
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      throw new IllegalArgumentException(
          "'"
              + entry
              + "' is neither an IP address nor a network such as 192.0.2.0/24 or 2001:db8::/32");
    }
    int bits = bytes.length * 8;
    int prefix = slash < 0 ? bits : prefix(entry, entry.substring(slash + 1), bits);
    try {
      InetAddress first = InetAddress.getByAddress(bytes);
      // Of an IPv4 address mapped into IPv6 Java makes an IPv4 address.
      int mapped = bits - first.getAddress().length * 8;
      if (prefix < mapped) {
        throw new IllegalArgumentException(
            "'" + entry + "' mixes IPv4 and IPv6: the prefix length must be at least " + mapped);
      }
      return new IpSubnetFilterRule(first, prefix - mapped, IpFilterRuleType.ACCEPT);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + entry + "' is no IP address", e);
    }
  }

  private static int prefix(String entry, String text, int bits) {
    if (text.matches("\\d{1,3}") && Integer.parseInt(text) <= bits) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(
        "'" + entry + "': the prefix length must be a number from 0 to " + bits);
  }

  /** Whether every address is on it. */
  public boolean isAll() {
    return networks.isEmpty() && text.equals(EVERYBODY);
  }

  /** Whether no address is on it. */
  public boolean isNone() {
    return networks.isEmpty() && !isAll();
  }

  /** Whether an address is on the list. An IPv4 address mapped into IPv6 counts as IPv4. */
  public boolean contains(String address) {
    if (networks.isEmpty()) {
      return isAll();
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      return false;
    }
    try {
      InetSocketAddress caller = new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
      for (IpSubnetFilterRule network : networks) {
        if (network.matches(caller)) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Two are equal when the same is written in them. */
  @Override
  public boolean equals(Object other) {
    return other instanceof AddressList that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The list as configured. */
  @Override
  public String toString() {
    return text;
  }
}
