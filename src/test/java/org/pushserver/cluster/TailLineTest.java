// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;

/** What waits to be told to another server. */
class TailLineTest {
  private final TailLine line = new TailLine();

  private static TrailEntry entry(int number) {
    return new TrailEntry(
        new UUID(1, number),
        1000 + number,
        1001 + number,
        TrailEnd.DELIVERED,
        null,
        "message",
        "",
        "",
        "",
        "",
        "",
        0,
        "",
        200,
        "",
        1,
        List.of(),
        "");
  }

  @Test
  void aFewWaitInTheirOrderAndOfTheRestTheNumberIsTold() {
    for (int i = 0; i < TailLine.MOST_WAITING + 5; i++) {
      line.add(entry(i));
    }
    List<TrailEntry> told = new ArrayList<>();
    long missed = 0;
    TailLine.Part part;
    do {
      part = TailLine.Part.read(line.take().bytes());
      told.addAll(part.entries());
      missed += part.missed();
      assertTrue(missed == 0 || told.size() == TailLine.MOST_WAITING, "the gap comes last");
    } while (part.isFull());
    assertEquals(5, missed);
    assertEquals(TailLine.MOST_WAITING, told.size());
    assertEquals(entry(7), told.get(7));
    line.add(entry(9));
    assertEquals(List.of(entry(9)), line.take().entries());
  }

  @Test
  void nothingIsAPartThatIsNotFull() {
    TailLine.Part part = TailLine.Part.read(line.take().bytes());
    assertFalse(part.isFull());
    assertTrue(part.entries().isEmpty());
    assertEquals(0, part.missed());
  }
}
