// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.Objects;

/**
 * How a push ended.
 *
 * @param result in one word
 * @param response the push service's last word, or ours when it was never asked
 * @param attempts how often the service was asked
 */
public record Outcome(Result result, Response response, int attempts) {
  public Outcome {
    Objects.requireNonNull(result, "result");
    Objects.requireNonNull(response, "response");
    if (attempts < 0) {
      throw new IllegalArgumentException("attempts: " + attempts);
    }
  }

  /** The ends that a push can come to. */
  public enum Result {
    /** The push service took it. */
    DELIVERED,
    /** The push service will never take it. */
    REFUSED,
    /** The device's token is dead. */
    DEAD_TOKEN,
    /** Its deadline passed before the push service took it. */
    EXPIRED,
    /** A cancel and its ring met before the ring was sent: neither needs to be. */
    SUPERSEDED,
    /** Not accepted: too many pushes wait already, or the server is shutting down. */
    OVERLOADED,
    /** Accepted, but the server stopped, or lost its application, before it could be sent. */
    ABANDONED
  }
}
