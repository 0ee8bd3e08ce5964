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
  CPU_LOW("CPU µs at 2000/s"),
  LOW_P50("2000/s p50 ms"),
  LOW_P99("2000/s p99 ms"),
  CPU_HIGH("CPU µs at 10000/s"),
  HIGH_P50("10000/s p50 ms"),
  HIGH_P99("10000/s p99 ms"),
  LISTENS("listens after s"),
  FIRST_SENT("first sent after s"),
  LAST_SENT("last sent after s"),
  TAKEN_OVER("taken over after s"),
  WALL("start to end ms"),
  CPU_MILLIS("CPU ms/push"),
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
