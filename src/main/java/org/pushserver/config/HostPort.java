// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.net.InetSocketAddress;

/** A host and a port, as they are written in lists of servers. Pure. */
final class HostPort {
  private HostPort() {}

  /**
   * Reads {@code HOST}, {@code HOST:PORT} or {@code [IPV6]:PORT}.
   *
   * @param port what holds when none is written
   * @return not looked up; null for what is none of these
   */
  static InetSocketAddress parse(String text, int port) {
    String host = text;
    int own = port;
    int colon = text.lastIndexOf(':');
    if (text.startsWith("[") && text.endsWith("]")) {
      host = text.substring(1, text.length() - 1);
    } else if (colon >= 0 && (text.startsWith("[") || text.indexOf(':') == colon)) {
      host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
      String digits = text.substring(colon + 1);
      if (!digits.matches("[0-9]{1,5}")) {
        return null;
      }
      own = Integer.parseInt(digits);
    }
    boolean good = host.matches("[A-Za-z0-9._:%-]+") && own >= 1 && own <= 65_535;
    return good ? InetSocketAddress.createUnresolved(host, own) : null;
  }
}
