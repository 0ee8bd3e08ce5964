// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;

/** A look past the cluster at a server that does not belong to it any more. Any thread. */
interface SignOfLife {
  /** What can be seen of a server. */
  enum Sign {
    /** It serves, and so may send. */
    ALIVE,
    /** It has ended. */
    GONE,
    /** Nothing: it may be frozen, or cut off from here and not from the push services. */
    NONE
  }

  /**
   * Looks at it once.
   *
   * @return completes within a few seconds; does not fail
   */
  Future<Sign> look(Node node);
}
