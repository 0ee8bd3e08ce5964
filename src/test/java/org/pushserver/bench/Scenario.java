// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

/** One part of the benchmark. */
@FunctionalInterface
interface Scenario {
  /** Measures, and reports. Takes minutes, and ends by itself. */
  void play(Run run) throws Exception;
}
