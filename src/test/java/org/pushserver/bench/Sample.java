// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.concurrent.TimeUnit;

/**
 * What one program did under load.
 *
 * @param load what it answered
 * @param cpuMicros what its process used of all cores, user and system time
 */
record Sample(Load load, long cpuMicros) {
  double perSecond() {
    return load.requests() * (double) TimeUnit.SECONDS.toNanos(1) / load.nanos();
  }

  double cpuMicrosPerPush() {
    return cpuMicros / (double) load.requests();
  }
}
