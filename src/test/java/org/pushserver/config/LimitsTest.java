// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.spi.Problem;

class LimitsTest {
  private final List<Problem> problems = new ArrayList<>();

  private Limits read(Map<String, String> values) {
    return Limits.read(new SectionReader("general.ini", "limits", values, problems::add));
  }

  @Test
  void withoutAWordTheDefaultsHold() {
    assertEquals(Limits.DEFAULT, read(Map.of()));
    assertTrue(problems.isEmpty());
  }

  @Test
  void everyLimitMayBeSet() {
    Map<String, String> values =
        Map.of(
            "max_body", "2000",
            "max_headers", "3000",
            "idle_timeout", "4.5",
            "max_clients", "5",
            "max_depth", "6",
            "max_string", "7000",
            "max_resets", "8",
            "max_requests", "90",
            "rate_limit", "9",
            "rate_burst", "10");
    Set<String> known = new HashSet<>(KeyNames.GENERAL.get("limits"));
    // That of what waits is no client's.
    assertTrue(known.remove("queue_memory"));
    assertEquals(known, values.keySet());
    assertEquals(
        new Limits(2000, 3000, Duration.ofMillis(4500), 5, 6, 7000, 8, 90, new Rate(9, 10)),
        read(values));
    assertTrue(problems.isEmpty());
  }

  @Test
  void aBurstIsOneSecondsWorthUnlessItIsSet() {
    assertEquals(new Rate(50, 50), read(Map.of("rate_limit", "50")).rate());
    assertEquals(Rate.UNLIMITED, read(Map.of("rate_burst", "50")).rate());
  }

  @ParameterizedTest
  @CsvSource({
    "max_body, 1, WARNING",
    "idle_timeout, 0, WARNING",
    "max_clients, many, WARNING",
    "rate_limit, -1, FATAL",
    "rate_limit, 0.5, FATAL"
  })
  void aWrongLimitIsTheDefaultButAWrongRateStopsTheStart(
      String key, String value, Problem.Severity severity) {
    assertEquals(Limits.DEFAULT, read(Map.of(key, value)));
    assertEquals(1, problems.size());
    assertEquals(key, problems.get(0).key());
    assertEquals(severity, problems.get(0).severity());
  }
}
