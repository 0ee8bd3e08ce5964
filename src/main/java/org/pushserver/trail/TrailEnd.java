// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import org.pushserver.push.Outcome;

/**
 * How what the trail tells of has ended. The order never changes: files hold the ordinal; new ones
 * come last.
 */
public enum TrailEnd {
  /** The push service took it. */
  DELIVERED,
  /** The push service will never take it. */
  REFUSED,
  /** The device's token is dead. */
  DEAD_TOKEN,
  /** Its deadline passed before the push service took it. */
  EXPIRED,
  /** A cancel and its ring met before the ring was sent. */
  SUPERSEDED,
  /** Too many pushes wait, or the server is shutting down: never accepted. */
  OVERLOADED,
  /** Accepted, but the server stopped, or lost its application. */
  ABANDONED,
  /** A request that was refused at the door, and never became a push. */
  NOT_LET_IN;

  /** The same as the queue says it. */
  public static TrailEnd of(Outcome.Result result) {
    return valueOf(result.name());
  }
}
