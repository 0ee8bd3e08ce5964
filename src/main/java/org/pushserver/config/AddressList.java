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

/**
 * The addresses and networks that may use the server: {@code allowed_hosts}. Immutable; any thread.
 */
public final class AddressList {
  /** Lets everybody in, as an absent {@code allowed_hosts} does. */
  public static final AddressList ALL = new AddressList(List.of(), List.of());

  private final List<String> entries;
  private final List<IpSubnetFilterRule> networks;

  private AddressList(List<String> entries, List<IpSubnetFilterRule> networks) {
    this.entries = entries;
    this.networks = networks;
  }

  /**
   * Reads a comma separated list of IPv4 and IPv6 addresses and CIDR networks.
   *
   * @throws IllegalArgumentException names the first entry that is neither
   */
  public static AddressList parse(String text) {
    List<String> entries = new ArrayList<>();
    List<IpSubnetFilterRule> networks = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String entry = part.strip();
      if (!entry.isEmpty()) {
        networks.add(network(entry));
        entries.add(entry);
      }
    }
    return entries.isEmpty() ? ALL : new AddressList(List.copyOf(entries), List.copyOf(networks));
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

  /** Whether the caller may use the server. An IPv4 address mapped into IPv6 counts as IPv4. */
  public boolean allows(String address) {
    if (networks.isEmpty()) {
      return true;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      return false;
    }
    try {
      InetSocketAddress caller = new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
      return networks.stream().anyMatch(network -> network.matches(caller));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The list as configured. */
  @Override
  public String toString() {
    return entries.isEmpty() ? "all" : String.join(", ", entries);
  }
}
