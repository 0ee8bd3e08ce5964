// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Set;
import java.util.UUID;

/**
 * What other servers say of pushes that were offered to them. Those that are in neither set nobody
 * has taken.
 *
 * @param taken the ids of those that one of them goes on with
 * @param unknown the ids of those of which nobody knows whether one of them goes on with them
 */
public record HandedOver(Set<UUID> taken, Set<UUID> unknown) {
  /** Nobody has taken any. */
  public static final HandedOver NONE = new HandedOver(Set.of(), Set.of());

  public HandedOver {
    taken = Set.copyOf(taken);
    unknown = Set.copyOf(unknown);
  }
}
