// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * Where a route leads, and how the two ends know each other. Immutable as far as its parts are left
 * alone.
 *
 * @param host name or address of the push service
 * @param port its port, 1 to 65535
 * @param tls false for plain HTTP/1.1, which the caller must allow to loopback hosts only
 * @param ca certificates that are trusted in addition to the system's; null for none
 * @param clientCertificate what we show to the peer; null for nothing
 * @param http1Allowed whether a peer that does not offer HTTP/2 is used over HTTP/1.1, one request
 *     at a time
 * @param requestTimeout how long one answer may take; more than 0
 */
public record RouteOptions(
    String host,
    int port,
    boolean tls,
    PemTrustOptions ca,
    KeyCertOptions clientCertificate,
    boolean http1Allowed,
    Duration requestTimeout) {

  public RouteOptions {
    Objects.requireNonNull(host, "host");
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port);
    }
    if (requestTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("requestTimeout: " + requestTimeout);
    }
  }

  /** Host and port, as they stand in messages. */
  public String peer() {
    return host + ':' + port;
  }
}
