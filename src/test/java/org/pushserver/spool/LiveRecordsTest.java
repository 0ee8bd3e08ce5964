// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What lives is found where it is, in little memory. */
class LiveRecordsTest {
  private static void put(LiveRecords live, UUID id, int segment, int offset) {
    int slot = live.find(id);
    if (slot == LiveRecords.NONE) {
      slot = live.add(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
    live.place(slot, segment, offset, 1);
  }

  @Property(tries = 300)
  void itHasWhatWasAddedAndNotRemoved(
      @ForAll @Size(max = 400) List<@IntRange(max = 60) Integer> steps) {
    LiveRecords live = new LiveRecords();
    Map<UUID, Integer> model = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      UUID id = new UUID(steps.get(i) % 7, steps.get(i));
      if (steps.get(i) % 3 == i % 3 && model.remove(id) != null) {
        live.remove(live.find(id));
      } else {
        model.put(id, i);
        put(live, id, i % 5, i);
      }
      assertEquals(model.size(), live.size());
    }
    model.forEach((id, at) -> assertTrue(live.isAt(live.find(id), at % 5, at)));
    assertEquals(model.size(), live.slots(LiveRecords.NONE).length);
    assertEquals(model.values().stream().filter(at -> at % 5 == 2).count(), live.slots(2).length);
  }

  @Example
  void aHundredThousandTakeAFewMegabytesAndGiveThemBack() {
    LiveRecords live = new LiveRecords();
    for (int i = 0; i < 100_000; i++) {
      put(live, new UUID(i * 0x9E37_79B9L, ~i), 1, i);
    }
    assertTrue(live.bytes() < 8 << 20, () -> live.bytes() + " bytes");
    for (int i = 0; i < 100_000; i++) {
      live.remove(live.find(new UUID(i * 0x9E37_79B9L, ~i)));
    }
    assertEquals(0, live.size());
    assertTrue(live.bytes() < 1 << 16, () -> live.bytes() + " bytes");
  }
}
