// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** The headers that keep a browser from doing with a page what nobody meant it to. Pure. */
final class Hardening {
  private static final CharSequence POLICY_NAME =
      HttpHeaders.createOptimized("content-security-policy");

  /** The pages load what this server has, and nothing else; nobody may frame them. */
  private static final CharSequence POLICY =
      HttpHeaders.createOptimized(
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
              + " img-src 'self' data:; form-action 'self'; frame-ancestors 'none';"
              + " base-uri 'none'");

  private Hardening() {}

  /** Adds them to an answer. */
  static void apply(HttpServerResponse response) {
    response
        .putHeader(POLICY_NAME, POLICY)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("x-frame-options", "DENY")
        .putHeader("referrer-policy", "same-origin")
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
