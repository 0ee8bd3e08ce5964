// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * Where a route leads, and how it is kept up. Immutable as far as its parts are left alone.
 *
 * @param label what log lines call the route: the application's section
 * @param target where to
 * @param identity how the two ends know each other
 * @param whenIdle what is done about a connection that nobody uses
 * @param limits how long and how many
 */
public record RouteOptions(
    String label, Target target, Identity identity, WhenIdle whenIdle, Limits limits) {

  public RouteOptions {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(whenIdle, "whenIdle");
    Objects.requireNonNull(limits, "limits");
  }

  /** Host and port, as they stand in messages. */
  public String peer() {
    return target.host() + ':' + target.port();
  }

  /** What is spoken with the peer. */
  public enum Protocol {
    /** HTTP/2 over TLS; a peer that does not offer it is refused. */
    HTTP2,
    /** HTTP/2 over TLS; with a peer that does not offer it HTTP/1.1, one request at a time. */
    HTTP2_OR_HTTP1,
    /** HTTP/1.1 without TLS, which the caller must allow to loopback hosts only. */
    PLAIN_HTTP1;

    boolean tls() {
      return this != PLAIN_HTTP1;
    }
  }

  /**
   * A push service.
   *
   * @param host name or address
   * @param port 1 to 65535
   * @param proxy on the way there; null for none
   */
  public record Target(String host, int port, Protocol protocol, Proxy proxy) {
    public Target {
      Objects.requireNonNull(host, "host");
      Objects.requireNonNull(protocol, "protocol");
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port: " + port);
      }
      if (proxy != null && !protocol.tls()) {
        throw new IllegalArgumentException("what is not encrypted must not leave this machine");
      }
    }

    /** One without a proxy on the way. */
    public Target(String host, int port, Protocol protocol) {
      this(host, port, protocol, null);
    }
  }

  /**
   * How the two ends know each other.
   *
   * @param ca certificates that are trusted in addition to the system's; null for none
   * @param clientCertificate what we show to the peer; null for nothing
   */
  public record Identity(PemTrustOptions ca, KeyCertOptions clientCertificate) {
    /** The system's authorities, and nothing to show. */
    public static final Identity NONE = new Identity(null, null);
  }

  /** What is done about a connection that nobody uses. */
  public enum WhenIdle {
    /** It is kept, and asked now and then whether it still stands. */
    PING,
    /**
     * The peer may close it. It is opened again at once after a request in the last hour, else with
     * the next request.
     */
    LET_GO
  }

  /**
   * How long and how many.
   *
   * @param requestTimeout how long one answer may take; more than 0
   * @param maxConnections how many connections may share the requests; for a moment there is one
   *     more, when one is replaced
   * @param requestsPerConnection after so many a connection is replaced; the ids of its streams
   *     would not last for ever
   */
  public record Limits(Duration requestTimeout, int maxConnections, int requestsPerConnection) {
    /** How many connections there are at most when nobody says. */
    public static final int MAX_CONNECTIONS = 4;

    /** Of 2^30 ids this leaves enough for the time that it takes to replace a connection. */
    private static final int REQUESTS = 1_000_000_000;

    public Limits {
      if (requestTimeout.toMillis() < 1) {
        throw new IllegalArgumentException("requestTimeout: " + requestTimeout);
      }
      if (maxConnections < 1) {
        throw new IllegalArgumentException("maxConnections: " + maxConnections);
      }
      if (requestsPerConnection < 1) {
        throw new IllegalArgumentException("requestsPerConnection: " + requestsPerConnection);
      }
    }

    /** With as many requests on each connection as it can carry. */
    public Limits(Duration requestTimeout, int maxConnections) {
      this(requestTimeout, maxConnections, REQUESTS);
    }
  }
}
