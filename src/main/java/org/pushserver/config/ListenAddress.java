// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Objects;

/**
 * Where to listen.
 *
 * @param host an address or a host name
 * @param port 0 for any free one
 */
public record ListenAddress(String host, int port) {
  public ListenAddress {
    Objects.requireNonNull(host, "host");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port);
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
