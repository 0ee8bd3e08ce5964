// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.net.URI;
import java.net.URISyntaxException;
import org.pushserver.pns.Endpoint;

/** The push service's end: {@code apple_push_url}, which despite its name was always a host. */
final class PushAddress {
  static final Endpoint PRODUCTION = new Endpoint(true, "api.push.apple.com", 443, "");
  static final Endpoint SANDBOX = new Endpoint(true, "api.sandbox.push.apple.com", 443, "");

  private static final String SCHEME = "https://";

  private PushAddress() {}

  /**
   * Reads {@code host} or {@code host:port}, also with {@code https://} in front and a slash
   * behind.
   *
   * @throws IllegalArgumentException says what is wrong
   */
  static Endpoint parse(String text) {
    String rest = text.strip();
    if (rest.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      rest = rest.substring(SCHEME.length());
    }
    try {
      URI uri = new URI(SCHEME + rest);
      boolean onlyHost =
          uri.getHost() != null
              && uri.getUserInfo() == null
              && uri.getQuery() == null
              && uri.getFragment() == null
              && (uri.getPath().isEmpty() || "/".equals(uri.getPath()));
      int port = uri.getPort() < 0 ? 443 : uri.getPort();
      if (onlyHost && port >= 1 && port <= 65535) {
        return Endpoint.of(uri.getHost(), port);
      }
    } catch (URISyntaxException e) {
      // Told below, in words that suit every mistake.
      rest = "";
    }
    throw new IllegalArgumentException(
        "'" + text + "' is neither a host nor host:port, such as api.sandbox.push.apple.com");
  }
}
