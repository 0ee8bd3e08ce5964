// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Objects;
import org.pushserver.push.AppKey;

/**
 * A token that the push service does not know any more. Immutable.
 *
 * @param app whose it is
 * @param token as it was pushed to
 * @param account where it is likely to be stored, for a store that cannot search by token; null
 *     when nothing is known
 * @param deviceId of the device that was pushed to; null when it is not known
 * @param since since when it is known to be dead, milliseconds since the epoch: what was stored
 *     later stays
 */
public record DeadDevice(AppKey app, String token, String account, String deviceId, long since) {
  public DeadDevice {
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(token, "token");
  }

  /** Without the token. */
  @Override
  public String toString() {
    return app + " " + account;
  }
}
