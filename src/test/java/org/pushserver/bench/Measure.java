// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** A figure of the results. */
enum Measure {
  RATE("pushes/s"),
  CPU("CPU µs/push"),
  CPU_EVEN("CPU µs at 4000/s"),
  RESIDENT("resident MB"),
  HALF_P50("half p50 ms"),
  HALF_P99("half p99 ms"),
  HALF_P999("half p99.9 ms"),
  HALF_LATE("late p99 ms"),
  THOUSAND_P99("1000/s p99 ms"),
  THOUSAND_P999("1000/s p99.9 ms"),
  FIRST_PUSH("first push ms"),
  IDLE("idle MB"),
  WAITING("B/waiting push"),
  HELD("B/waiting client"),
  FULL("full MB"),
  DRAIN("drained in s"),
  ALONE_P99("p99 alone ms"),
  BESIDE_P99("p99 beside ms"),
  BESIDE_RATIO("beside / alone"),
  IDLE_APPLICATION("idle KB/app"),
  HEAP_APPLICATION("heap KB/app"),
  IMPORTED("devices/s"),
  STORED("B/device"),
  OPERATION("µs"),
  ALLOCATED("B allocated");

  private final String title;

  Measure(String title) {
    this.title = title;
  }

  /** The head of its column, with the unit; its name in JSON, too. */
  @JsonValue
  String title() {
    return title;
  }
}
