// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Objects;

/**
 * Who asked for a push to a stored device, and which device that is: a push's {@code asker}, so
 * that whoever is told of the push knows both. Immutable.
 *
 * @param asker says as text who it was; null when that is not known
 * @param device as it was stored when the push was asked for
 */
public record DeviceAsker(Object asker, StoredToken device) {
  public DeviceAsker {
    Objects.requireNonNull(device, "device");
  }

  /** Only who asked. */
  @Override
  public String toString() {
    return String.valueOf(asker);
  }
}
