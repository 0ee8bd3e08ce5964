// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.pushserver.config.AddressList;

/**
 * The header {@code X-Forwarded-For}: each proxy appends whom it got the request from, so that only
 * what trusted proxies have appended, at its end, is more than a claim. Pure.
 */
final class ForwardedFor {
  /** No address with its port is longer. */
  private static final int LONGEST = 64;

  /** What a client is called whose address its proxy does not tell: on no list of addresses. */
  static final String UNKNOWN = "unknown";

  private ForwardedFor() {}

  /**
   * The address of the client: the last one that is no trusted proxy's.
   *
   * @param peer the trusted proxy that sent the request
   * @param lines the header's values, in their order
   * @return in the form that Java gives an address; the proxy's without the header, and {@link
   *     #UNKNOWN} when a proxy has written there what is no address
   */
  static String client(String peer, List<String> lines, AddressList trusted) {
    String client = peer;
    for (int line = lines.size() - 1; line >= 0; line--) {
      String text = lines.get(line);
      for (int end = text.length(); end >= 0; ) {
        int comma = text.lastIndexOf(',', end - 1);
        String address = address(text.substring(comma + 1, end).strip());
        if (address == null) {
          return UNKNOWN;
        }
        client = address;
        if (!trusted.contains(client)) {
          return client;
        }
        end = comma;
      }
    }
    return client;
  }

  /** An address, which some proxies write with a port; null when it is none. */
  private static String address(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    String host = text;
    int colon = text.indexOf(':');
    if (text.charAt(0) == '[') {
      int bracket = text.indexOf(']');
      host = bracket < 0 ? text : text.substring(1, bracket);
    } else if (colon >= 0 && colon == text.lastIndexOf(':')) {
      host = text.substring(0, colon);
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
