// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.vertx.ext.web.RoutingContext;
import org.pushserver.config.ApiKey;

/** A request that the guard of its endpoint has let in. Confined to one event loop. */
public interface AdmittedRequest {
  /** The request, and the answer to be given. */
  RoutingContext context();

  /** Whether its sender is to see only what is for everybody; see {@link Guard.Key#TO_READ_ALL}. */
  boolean isStranger();

  /**
   * Whether it came in by the operator's own door, where nobody shows a key, and where whoever asks
   * may see everything.
   */
  boolean isOperator();

  /** Says that its answer goes on, so that its connection does not count as idle. */
  default void goesOn() {}

  /** The API key that its sender showed; null when none is needed, or asked for. */
  ApiKey key();

  /** The IP address of its sender; behind a trusted proxy, what the proxy says. */
  String address();

  /** All of its body, when the guard reads it; else empty. */
  byte[] body();
}
