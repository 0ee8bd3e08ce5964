// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Objects;
import org.pushserver.push.AccountAsker;

/**
 * Who asked for a push to a stored device, and which device that is: a push's {@code asker}, so
 * that whoever is told of the push knows both. Immutable.
 *
 * @param asker says as text who it was; null when that is not known
 * @param device as it was stored when the push was asked for
 */
public record DeviceAsker(Object asker, StoredToken device) implements AccountAsker {
  public DeviceAsker {
    Objects.requireNonNull(device, "device");
  }

  @Override
  public String account() {
    return device.account();
  }

  /** Only who asked. */
  @Override
  public String toString() {
    return String.valueOf(asker);
  }
}
