// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.util.Objects;
import org.pushserver.spi.Reason;

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

  /** As it stands in a URL: an IPv6 address in brackets. */
  @Override
  public String toString() {
    return text(host, port);
  }

  /** A host and a port, as {@link #toString} shows them. */
  public static String text(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /**
   * Why nothing can listen there, in an operator's words, with the address.
   *
   * @param cause what the system says
   */
  public static IOException unusable(String host, int port, Throwable cause) {
    return new IOException("cannot listen on " + text(host, port) + ": " + Reason.of(cause), cause);
  }
}
