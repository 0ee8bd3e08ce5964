// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.time.Duration;
import java.util.Objects;
import org.pushserver.spi.Problem.Severity;

/**
 * {@code [limits]} of general.ini: what a client may cost.
 *
 * @param maxBody bytes of one request's body
 * @param maxHeaders bytes of one request's headers
 * @param idleTimeout how long a connection may do nothing, and a request may take to arrive
 * @param maxClients connections that are open at once
 * @param maxDepth how deep objects and arrays of a request's JSON may nest
 * @param maxString characters of one string of a request's JSON
 * @param maxResets requests that a client may break off in 30 s on one HTTP/2 connection
 * @param maxRequests requests that one HTTP/2 connection may have open at once
 * @param rate how often one client may ask
 */
public record Limits(
    int maxBody,
    int maxHeaders,
    Duration idleTimeout,
    int maxClients,
    int maxDepth,
    int maxString,
    int maxResets,
    int maxRequests,
    Rate rate) {
  /** What holds when the file says nothing. */
  public static final Limits DEFAULT =
      new Limits(
          64 * 1024,
          8 * 1024,
          Duration.ofSeconds(60),
          10_000,
          32,
          64 * 1024,
          200,
          250,
          Rate.UNLIMITED);

  private static final int MIB = 1024 * 1024;

  public Limits {
    requirePositive(maxBody, "maxBody");
    requirePositive(maxHeaders, "maxHeaders");
    requirePositive(maxClients, "maxClients");
    requirePositive(maxDepth, "maxDepth");
    requirePositive(maxString, "maxString");
    requirePositive(maxResets, "maxResets");
    requirePositive(maxRequests, "maxRequests");
    Objects.requireNonNull(idleTimeout, "idleTimeout");
    Objects.requireNonNull(rate, "rate");
  }

  private static void requirePositive(int number, String name) {
    if (number < 1) {
      throw new IllegalArgumentException(name + ": " + number);
    }
  }

  static Limits read(SectionReader in) {
    return new Limits(
        in.number("max_body", 1024, 16 * MIB, DEFAULT.maxBody, Severity.WARNING),
        in.number("max_headers", 1024, MIB, DEFAULT.maxHeaders, Severity.WARNING),
        in.seconds("idle_timeout", DEFAULT.idleTimeout, Severity.WARNING),
        in.number("max_clients", 1, MIB, DEFAULT.maxClients, Severity.WARNING),
        in.number("max_depth", 2, 1000, DEFAULT.maxDepth, Severity.WARNING),
        in.number("max_string", 1024, 16 * MIB, DEFAULT.maxString, Severity.WARNING),
        in.number("max_resets", 1, MIB, DEFAULT.maxResets, Severity.WARNING),
        in.number("max_requests", 10, 10_000, DEFAULT.maxRequests, Severity.WARNING),
        rate(in));
  }

  /** Fatal when it is wrong: whoever wrote it relies on it, and without it there is no limit. */
  private static Rate rate(SectionReader in) {
    int perSecond = in.number("rate_limit", 0, Rate.MOST, 0, Severity.FATAL);
    int burst = in.number("rate_burst", 1, Rate.MOST, Math.max(1, perSecond), Severity.FATAL);
    return perSecond == 0 ? Rate.UNLIMITED : new Rate(perSecond, burst);
  }
}
