// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.RecentPushes.News;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.SamplePush;

/** Which pushes are found that a phone speaks of, and for how long. */
class RecentPushesTest {
  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final RecentPushes recent = new RecentPushes(time, 1 << 20);

  private Push push(Event event, String callId, String device) {
    Push sample = SamplePush.of(event).callId(callId).push();
    return new Push(
        UUID.randomUUID(),
        sample.app(),
        new Device("token_of_" + device, device.isEmpty() ? null : device),
        event,
        callId,
        sample.details(),
        time.now(),
        time.now() + 64_000);
  }

  private Push sent(Event event, String callId, String device) {
    Push push = push(event, callId, device);
    recent.accepted(push, true);
    ended(push, Result.DELIVERED);
    return push;
  }

  private void ended(Push push, Result result) {
    recent.ended(push, new Outcome(result, new Response(200, "", "", "{}"), 1), time.now());
  }

  private List<UUID> found(String callId, String deviceId) {
    return recent.find(callId, deviceId, null, app -> true).stream().map(RecentPush::id).toList();
  }

  @Test
  void itIsFoundByItsIdAndByItsCallIdAsItWas() {
    Push ring = sent(Event.INCOMING_SESSION, "a", "Phone-1");
    RecentPush found = recent.find(ring.id()).orElseThrow();
    assertEquals(
        new RecentPush(
            ring.id(), ring.app(), ring.event(), "a", "Phone-1", SamplePush.BORN, SamplePush.BORN),
        found);
    assertEquals(List.of(ring.id()), found("a", null));
    assertEquals(List.of(ring.id()), found("a", "phone-1"));
    assertEquals(List.of(), found("a", "phone-2"));
    assertEquals(List.of(), found("b", null));
    assertEquals(List.of(), recent.find("a", null, null, app -> false));
  }

  @Test
  void ofEachPhoneItsNewestRingIsMeant() {
    Push first = sent(Event.INCOMING_SESSION, "a", "phone-1");
    Push again = sent(Event.INCOMING_SESSION, "a", "phone-1");
    Push message = sent(Event.MESSAGE, "a", "phone-1");
    Push cancel = sent(Event.CANCEL, "a", "phone-1");
    Push nameless = sent(Event.INCOMING_SESSION, "a", "");
    assertEquals(List.of(again.id()), found("a", "phone-1"));
    assertEquals(2, found("a", null).size());
    assertTrue(found("a", null).containsAll(List.of(again.id(), nameless.id())));
    assertTrue(recent.find(first.id()).isPresent());
    assertTrue(recent.find(message.id()).isPresent());
    assertTrue(recent.find(cancel.id()).isEmpty());
  }

  @Test
  void whatNeverReachedAPhoneOrSharesAnotherPushIsNotFound() {
    for (Result result : List.of(Result.REFUSED, Result.DEAD_TOKEN, Result.SUPERSEDED)) {
      Push ring = push(Event.INCOMING_SESSION, "a", "phone-1");
      recent.accepted(ring, true);
      assertTrue(recent.find(ring.id()).isPresent(), "its phone may be quicker than its answer");
      ended(ring, result);
      assertTrue(recent.find(ring.id()).isEmpty());
    }
    Push joined = push(Event.INCOMING_SESSION, "a", "phone-1");
    recent.accepted(joined, true);
    recent.joined(joined, joined);
    assertEquals(List.of(), found("a", null));
  }

  @Test
  void whatIsSaidTwiceIsNewsOnce() {
    Push ring = sent(Event.INCOMING_SESSION, "a", "phone-1");
    assertTrue(recent.mayRepeat(ring));
    assertEquals(Optional.of(new News(true, false)), recent.note(ring.id(), true, false));
    assertFalse(recent.mayRepeat(ring));
    assertEquals(Optional.of(new News(false, true)), recent.note(ring.id(), true, true));
    assertEquals(Optional.of(new News(false, false)), recent.note(ring.id(), true, true));
    assertEquals(Optional.empty(), recent.note(UUID.randomUUID(), true, true));
  }

  @Test
  void aCallThatIsOverRingsNoPhoneOnceMoreUntilItRingsAnew() {
    Push one = sent(Event.INCOMING_SESSION, "a", "phone-1");
    Push two = sent(Event.INCOMING_SESSION, "a", "phone-2");
    recent.over("a", app -> false);
    assertTrue(recent.mayRepeat(one));
    recent.over("a", app -> true);
    assertFalse(recent.mayRepeat(one));
    assertFalse(recent.mayRepeat(two));
    Push anew = sent(Event.INCOMING_SESSION, "a", "phone-1");
    assertTrue(recent.mayRepeat(anew));
    assertFalse(recent.mayRepeat(one));
  }

  @Test
  void afterTenMinutesItIsForgottenAndWhatWaitedLongIsNot() {
    Push ring = sent(Event.INCOMING_SESSION, "a", "phone-1");
    Push waiting = push(Event.MESSAGE, "m", "phone-1");
    recent.accepted(waiting, true);
    time.advance(Duration.ofMinutes(9));
    ended(waiting, Result.DELIVERED);
    time.advance(Duration.ofMinutes(1));
    assertTrue(recent.find(ring.id()).isEmpty());
    assertEquals(List.of(), found("a", null));
    assertEquals(List.of(waiting.id()), found("m", null));
  }

  @Test
  void whatTheyTakeIsBoundedAndTheNewestStay() {
    List<Push> all = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      all.add(sent(Event.INCOMING_SESSION, "call-" + random.nextInt(3_000), "phone-" + i % 7));
    }
    assertTrue(recent.size() < 20_000);
    assertTrue(recent.bytes() <= 1 << 20, recent.bytes() + " bytes");
    for (Push push : all.subList(all.size() - 500, all.size())) {
      assertTrue(recent.find(push.id()).isPresent());
      String device = push.device().id();
      assertTrue(recent.find(push.callId(), device, null, push.app()::equals).size() == 1);
    }
    assertEquals(List.of(), recent.find("call-1", "phone-9", null, AppKey.class::isInstance));
  }
}
