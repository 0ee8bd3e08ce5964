// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrailNameTest {
  @Test
  void aNameSaysWhenItsFileWasBegun() {
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      long begun = random.nextLong(Instant.parse("9999-12-31T00:00:00Z").toEpochMilli());
      assertEquals(begun, TrailName.begun(TrailName.of(begun)));
      assertEquals(begun, TrailName.begun(TrailName.of(begun) + ".damaged"));
    }
    assertEquals("20261130T140500.007Z.db", TrailName.of(1_796_047_500_007L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "lock",
        "20261130T140500.007Z",
        "20261130T140500.007Z.bd",
        "20261330T140500.007Z.db",
        "20260230T140500.007Z.db",
        "20261130T250500.007Z.db",
        "20261130T140500.0070Z.db",
        "2026113OT140500.007Z.db",
        "+0261130T140500.007Z.db",
        "tokens.db"
      })
  void whatIsNoNameIsNone(String name) {
    assertEquals(-1, TrailName.begun(name));
  }
}
