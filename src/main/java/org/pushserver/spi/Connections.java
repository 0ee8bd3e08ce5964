// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

/**
 * What the connections of one application to its push service do, for its operator's measures.
 *
 * @param open how many take new requests
 * @param inFlight requests on them that have no answer yet
 * @param made how many were made since the service was opened
 * @param failed how many tries to make one were in vain
 */
public record Connections(int open, int inFlight, long made, long failed) {
  /** There are none, or nobody counts them. */
  public static final Connections NONE = new Connections(0, 0, 0, 0);
}
