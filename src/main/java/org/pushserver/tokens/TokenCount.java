// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Map;
import org.pushserver.push.AppKey;

/**
 * How many are stored.
 *
 * @param accounts with a device; -1 when the store cannot say
 * @param devices by application and platform
 */
public record TokenCount(long accounts, Map<AppKey, Long> devices) {
  public TokenCount {
    devices = Map.copyOf(devices);
  }

  /** All of them. */
  public long total() {
    return devices.values().stream().mapToLong(Long::longValue).sum();
  }
}
