// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.Objects;

/**
 * Who asked for a push at the door of another server of the cluster. Immutable.
 *
 * @param asker who it was; null when that is not known
 * @param door the name of that server
 */
record DoorAsker(Object asker, String door) {
  DoorAsker {
    Objects.requireNonNull(door, "door");
  }
}
