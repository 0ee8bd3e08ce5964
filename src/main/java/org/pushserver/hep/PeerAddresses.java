// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pushserver.spi.Time;

/**
 * An address for each push service: of those that its name stands for one, and not the one of the
 * very connection. Remembered for a while. Blocks; confined to one thread.
 */
final class PeerAddresses {
  /** Who looks a name up. */
  @FunctionalInterface
  interface Resolver {
    InetAddress resolve(String name) throws UnknownHostException;
  }

  static final Duration LONGEST = Duration.ofMinutes(10);

  /** A name that leads nowhere is asked for again after so long: that may take seconds. */
  static final Duration LONGEST_UNKNOWN = Duration.ofMinutes(1);

  /** Pushes may name their hosts. */
  private static final int MOST = 64;

  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private record Known(InetAddress address, long until) {}

  private final Resolver resolver;
  private final Time time;
  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };

  PeerAddresses(Resolver resolver, Time time) {
    this.resolver = resolver;
    this.time = time;
  }

  /**
   * Where a URL leads.
   *
   * @param unknown what is said when nobody knows
   */
  InetSocketAddress of(String url, InetSocketAddress unknown) {
    URI parsed;
    try {
      parsed = URI.create(url);
    } catch (IllegalArgumentException e) {
      return unknown;
    }
    if (parsed.getHost() == null) {
      return unknown;
    }
    InetAddress address = address(parsed.getHost().replaceAll("[\\[\\]]", ""));
    return address == null ? unknown : new InetSocketAddress(address, port(parsed));
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "http".equalsIgnoreCase(url.getScheme()) ? HTTP : HTTPS;
  }

  private InetAddress address(String name) {
    Known found = known.get(name);
    if (found == null || time.nanos() - found.until() >= 0) {
      found = lookUp(name);
      known.remove(name);
      known.put(name, found);
    }
    return found.address();
  }

  private Known lookUp(String name) {
    InetAddress address;
    try {
      address = resolver.resolve(name);
    } catch (UnknownHostException e) {
      address = null;
    }
    Duration longest = address == null ? LONGEST_UNKNOWN : LONGEST;
    return new Known(address, time.nanos() + longest.toNanos());
  }
}
