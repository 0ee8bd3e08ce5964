// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import java.time.Instant;
import java.util.List;

/**
 * What was done to a cluster, and when, so that answers on their way did not arrive.
 *
 * @param node the one that it was done to, such as {@code n3}; {@link #ALL} when all were
 * @param from when it came
 * @param to when it had come for certain; of one that {@code lasts}, when it was over
 * @param reach whose answers it stops
 */
record ClusterFault(String node, Instant from, Instant to, Reach reach) {
  static final String ALL = "all";

  /** Whose answers do not arrive. */
  enum Reach {
    /** Those that were on their way to or from a server when it came; that one says no more. */
    SERVER,
    /** Those that were on their way between a server and the others when it came. */
    NETWORK,
    /** Some of those on their way between servers, as long as it lasts. */
    LASTING
  }

  /** One was killed, or stands still. */
  static ClusterFault ofServer(String node, Instant from, Instant to) {
    return new ClusterFault(node, from, to, Reach.SERVER);
  }

  /** The network of one was cut. */
  static ClusterFault ofNetwork(String node, Instant from, Instant to) {
    return new ClusterFault(node, from, to, Reach.NETWORK);
  }

  /** The network of all loses some of what is sent. */
  static ClusterFault loss(Instant from, Instant to) {
    return new ClusterFault(ALL, from, to, Reach.LASTING);
  }

  /** Whether it was done to one of these. */
  boolean strikes(String... nodes) {
    return node.equals(ALL) || List.of(nodes).contains(node);
  }
}
