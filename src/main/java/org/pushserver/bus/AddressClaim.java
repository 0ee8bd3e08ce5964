// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import java.util.Optional;

/**
 * The claim of one server to the addresses under a prefix: a second server on the same event bus
 * would get every other message of the first one's. In a cluster that is meant. Any thread.
 */
final class AddressClaim {
  private static final String CLAIMED = "pushserver.prefixes";

  private final Vertx vertx;
  private final String prefix;

  private AddressClaim(Vertx vertx, String prefix) {
    this.vertx = vertx;
    this.prefix = prefix;
  }

  /** Claims them; empty when another server has them. */
  static Optional<AddressClaim> of(Vertx vertx, String prefix) {
    boolean free = vertx.isClustered() || claimed(vertx).putIfAbsent(prefix, true) == null;
    return free ? Optional.of(new AddressClaim(vertx, prefix)) : Optional.empty();
  }

  private static LocalMap<String, Boolean> claimed(Vertx vertx) {
    return vertx.sharedData().getLocalMap(CLAIMED);
  }

  /** Leaves them to others. */
  void release() {
    if (!vertx.isClustered()) {
      claimed(vertx).remove(prefix);
    }
  }
}
