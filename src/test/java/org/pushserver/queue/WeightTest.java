// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.SamplePush;

class WeightTest {
  private static final int MEASURED = 713;

  private static Push message(String content) {
    return SamplePush.of(Event.MESSAGE).content(content).push();
  }

  private static Push with(Device device, String request) {
    Push sample = SamplePush.of(Event.INCOMING_SESSION).push();
    return new Push(
        UUID.randomUUID(),
        sample.app(),
        device,
        sample.event(),
        sample.callId(),
        sample.details(),
        sample.bornAt(),
        sample.deadline(),
        request,
        null);
  }

  @Test
  void anOrdinaryPushWeighsAboutWhatWasMeasured() {
    Push push = with(new Device("0".repeat(64), null), null);
    int weight = Weight.of(push);
    assertTrue(weight > MEASURED - 100 && weight < MEASURED + 250, () -> weight + " bytes");
  }

  @Test
  void aLongTextWeighsAsMuchAsItHasCharactersAndTwiceThatWhenOneIsWide() {
    int none = Weight.of(message(""));
    assertEquals(none + 1_000, Weight.of(message("é".repeat(1_000))));
    assertEquals(none + 2_000, Weight.of(message("x".repeat(999) + "ж")));
  }

  @Test
  void everythingThatIsKeptCounts() {
    Device one = new Device("a".repeat(64), null);
    int weight = Weight.of(with(one, null));
    assertTrue(Weight.of(with(one, "{}".repeat(500))) >= weight + 1_000, "the request");
    assertTrue(
        Weight.of(with(new Device("a".repeat(64), null, "a".repeat(129)), null)) >= weight + 129,
        "both tokens");
    assertTrue(
        Weight.of(SamplePush.of(Event.INCOMING_SESSION).extra("door", "x".repeat(500)).push())
            >= Weight.of(SamplePush.of(Event.INCOMING_SESSION).push()) + 504,
        "further fields");
    assertTrue(Weight.of(new Response(503, "Busy", "", "x".repeat(300))) > 300, "the last answer");
    assertEquals(0, Weight.of((Response) null));
  }

  @Test
  void onlyWhatIsLongIsLookedAtBeforeItWaits() {
    assertFalse(Weight.isBig(message("x".repeat(500))));
    assertTrue(Weight.isBig(message("x".repeat(4_000))));
    assertFalse(Weight.isBig(SamplePush.of(Event.INCOMING_SESSION).push()));
  }
}
