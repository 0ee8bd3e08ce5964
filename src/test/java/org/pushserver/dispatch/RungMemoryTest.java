// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.SamplePush;

/** What the devices that were rung take of the heap, and what they leave to the collector. */
class RungMemoryTest {
  private static final int AT_ONCE = 1_000;
  private static final Outcome DELIVERED =
      new Outcome(Result.DELIVERED, SampleAnswers.said(200, ""), 1);

  private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final ManualTime time = new ManualTime();
  private final Push sample = SamplePush.of(Event.INCOMING_SESSION).bornAt(time.now()).push();
  private int number;

  private Push push() {
    String token = "0123456789abcdef".repeat(4) + ++number;
    return new Push(
        UUID.randomUUID(),
        sample.app(),
        new Device(token, "11111111-2222-3333-4444-555555555555"),
        sample.event(),
        "Y2NlNzg0@192.0.2.1-" + number,
        sample.details(),
        sample.bornAt(),
        sample.deadline());
  }

  /** What this thread takes of the heap while so many devices are rung, in bytes. */
  private long taken(RungDevices rung, int rings) {
    long taken = 0;
    for (int done = 0; done < rings; done += AT_ONCE) {
      List<Push> pushes = IntStream.range(0, AT_ONCE).mapToObj(one -> push()).toList();
      long before = thread.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < AT_ONCE; i++) {
        Push push = pushes.get(i);
        if (rung.isOver(push)) {
          throw new AssertionError("no cancel was before it");
        }
        rung.ended(push, DELIVERED, time.now());
        rung.answered(push);
      }
      taken += thread.getCurrentThreadAllocatedBytes() - before;
    }
    return taken;
  }

  @Test
  void asManyAsAreRememberedTakeWhatIsSaid() {
    RungDevices rung = new RungDevices(time, Long.MAX_VALUE);
    long taken = taken(rung, RungDevices.MOST);
    assertEquals(RungDevices.MOST, rung.size());
    assertTrue(rung.bytes() <= taken, () -> rung.bytes() + " of " + taken);
    assertTrue(taken < rung.bytes() * 5 / 4, () -> rung.bytes() + " of " + taken);
    assertTrue(rung.bytes() < RungDevices.MOST * 320L, () -> rung.bytes() + " bytes");
  }

  @Test
  void whenOthersAreForgottenInItsPlaceARingLeavesNothingToTheCollector() {
    RungDevices rung = new RungDevices(time, 1_000_000);
    long unused = taken(rung, 10_000);
    int rings = 20_000;
    long taken = taken(rung, rings);
    assertTrue(taken < rings, () -> taken + " bytes");
    assertTrue(rung.bytes() <= 1_000_000);
  }

  @Test
  void aServerThatRingsNobodyPaysNothing() {
    long warm = new RungDevices(time).bytes();
    assertTrue(warm < 1_000);
    long before = thread.getCurrentThreadAllocatedBytes();
    RungDevices rung = new RungDevices(time, 8 << 20);
    long taken = thread.getCurrentThreadAllocatedBytes() - before;
    assertTrue(taken < 16_384, () -> taken + " bytes");
    assertFalse(rung.isOver(push()));
  }
}
