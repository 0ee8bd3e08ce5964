// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrailTailTest {
  private static final long NOW = 1_796_000_000_000L;

  @TempDir Path folder;

  @Test
  void onlyWhatComesLaterIsToldOnceAndInItsOrder() throws Exception {
    TrailTail tail = new TrailTail(folder);
    assertEquals(List.of(), tail.next());
    try (WrittenTrail written = new WrittenTrail(folder, NOW)) {
      written.put(TrailEntries.delivered(1), TrailEntries.delivered(2));
      written.put(TrailEntries.delivered(3));
      assertEquals(
          List.of(TrailEntries.delivered(1), TrailEntries.delivered(2), TrailEntries.delivered(3)),
          tail.next());
      assertEquals(List.of(), tail.next());
      written.put(TrailEntries.delivered(4));
      assertEquals(List.of(TrailEntries.delivered(4)), tail.next());
    }
  }

  @Test
  void whatWasThereBeforeIsNotTold() throws Exception {
    try (WrittenTrail written = new WrittenTrail(folder, NOW)) {
      written.put(TrailEntries.delivered(1));
      TrailTail tail = new TrailTail(folder);
      assertEquals(List.of(), tail.next());
      written.put(TrailEntries.delivered(2));
      assertEquals(List.of(TrailEntries.delivered(2)), tail.next());
    }
  }

  @Test
  void itGoesOnFromOneFileToTheNext() throws Exception {
    TrailTail tail = new TrailTail(folder);
    WrittenTrail first = new WrittenTrail(folder, NOW);
    first.put(TrailEntries.delivered(1));
    assertEquals(List.of(), tail.next());
    first.put(TrailEntries.delivered(2));
    first.finish();
    try (WrittenTrail second = new WrittenTrail(folder, NOW + 1000)) {
      second.put(TrailEntries.delivered(3));
      assertEquals(List.of(TrailEntries.delivered(2), TrailEntries.delivered(3)), tail.next());
      assertEquals(List.of(), tail.next());
    }
  }
}
