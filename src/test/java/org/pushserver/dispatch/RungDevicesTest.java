// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AccountAsker;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.SamplePush;

/** Which devices are told when a call is cancelled by its call-id alone. */
class RungDevicesTest {
  private static final AppKey PHONE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final AppKey ANDROID = new AppKey("com.example.phone", AppKey.FIREBASE);

  private final ManualTime time = new ManualTime();
  private final RungDevices rung = new RungDevices(time, Long.MAX_VALUE);

  private Push push(Event event, String callId, AppKey app, Device device) {
    Push sample = SamplePush.of(event).callId(callId).bornAt(time.now()).push();
    return new Push(
        UUID.randomUUID(),
        app,
        device,
        event,
        callId,
        sample.details(),
        sample.bornAt(),
        sample.deadline());
  }

  private Push ring(String callId, String token) {
    return push(Event.INCOMING_SESSION, callId, PHONE, new Device(token, "id-of-" + token));
  }

  private boolean isOver(String callId, String token) {
    return rung.isOver(ring(callId, token));
  }

  private void rang(String callId, String... tokens) {
    for (String token : tokens) {
      assertFalse(isOver(callId, token));
    }
  }

  private List<String> cancel(CallCancel cancel) {
    return rung.cancel(cancel).stream().map(device -> device.device().token()).toList();
  }

  private List<String> cancel(String callId) {
    return cancel(new CallCancel(callId, Set.of(), Set.of(), app -> true));
  }

  private void ended(Push ring, Result result) {
    rung.ended(ring, new Outcome(result, SampleAnswers.said(200, ""), 1), time.now());
  }

  @Test
  void allDevicesOfTheCallAreToldAndNoOthers() {
    rang("a", "1", "2");
    rang("b", "3");
    assertEquals(List.of("1", "2"), cancel("a"));
    assertEquals(List.of("3"), cancel("b"));
  }

  @Test
  void theAccountThatWasRungIsKnown() {
    AccountAsker asker = () -> "bob@example.com";
    Push sample = ring("a", "1");
    Push ofAccount =
        new Push(
            sample.id(),
            sample.app(),
            sample.device(),
            sample.event(),
            "a",
            sample.details(),
            sample.bornAt(),
            sample.deadline(),
            null,
            asker);
    assertFalse(rung.isOver(ofAccount));
    rang("a", "2");
    CallCancel all = new CallCancel("a", Set.of(), Set.of(), app -> true);
    assertEquals(
        Arrays.asList("bob@example.com", null),
        rung.cancel(all).stream().map(RungDevice::account).toList());
  }

  @Test
  void theSameTokenOfTwoApplicationsIsTwoDevices() {
    rang("a", "1");
    assertFalse(
        rung.isOver(push(Event.INCOMING_SESSION, "a", ANDROID, new Device("1", "another"))));
    assertEquals(List.of("1", "1"), cancel("a"));
  }

  @Test
  void aCancelThatIsRepeatedFindsNothing() {
    rang("a", "1");
    assertEquals(List.of("1"), cancel("a"));
    assertEquals(List.of(), cancel("a"));
  }

  @Test
  void aDeviceThatIsRungTwiceIsToldOnce() {
    rang("a", "1", "1");
    assertEquals(List.of("1"), cancel("a"));
  }

  @Test
  void aDeviceThatIsRungAgainIsToldAgain() {
    rang("a", "1");
    assertEquals(List.of("1"), cancel("a"));
    rang("a", "1");
    assertEquals(List.of("1"), cancel("a"));
  }

  @Test
  void whatTheFullFormHasCancelledIsNotToldAgain() {
    rang("a", "1", "2");
    assertFalse(rung.isOver(push(Event.CANCEL, "a", PHONE, new Device("1", "id-of-1"))));
    assertEquals(List.of("2"), cancel("a"));
  }

  @Test
  void messagesAndPushesWithoutACallIdAreNotRemembered() {
    assertFalse(rung.isOver(push(Event.MESSAGE, "a", PHONE, new Device("1", null))));
    rang("", "1");
    assertEquals(0, rung.size());
  }

  @Test
  void afterThreeMinutesADeviceIsForgotten() {
    rang("a", "1");
    time.advance(Duration.ofMillis(RungDevices.REMEMBERED_MS - 1));
    rang("a", "2");
    time.advance(Duration.ofMillis(1));
    assertEquals(List.of("2"), cancel("a"));
    rang("b", "3");
    assertEquals(2, rung.size(), "the one that is too old leaves when another comes");
  }

  @Test
  void whenTheyAreTooManyTheOldestIsForgotten() {
    for (int i = 0; i <= RungDevices.MOST; i++) {
      rang("call" + i, "1");
    }
    assertEquals(RungDevices.MOST, rung.size());
    assertEquals(List.of("1"), cancel("call1"));
    assertEquals(List.of(), cancel("call0"));
  }

  @Test
  void longTextsLeaveRoomForFewer() {
    RungDevices small = new RungDevices(time, 100_000);
    for (int i = 0; i < 1_000; i++) {
      Device device = new Device("t".repeat(4_096) + i, "d".repeat(255));
      assertFalse(small.isOver(push(Event.INCOMING_SESSION, "c".repeat(1_000) + i, PHONE, device)));
    }
    assertTrue(small.bytes() <= 100_000);
    assertTrue(small.size() < 20);
  }

  @Test
  void whatIsForgottenLeavesNothingBehind() {
    RungDevices small = new RungDevices(time, 20_000);
    for (int i = 0; i < 1_000; i++) {
      assertFalse(small.isOver(ring("call" + i, "1")));
      assertFalse(small.isOver(ring("call" + i, "2")));
      assertEquals(
          List.of(), small.cancel(new CallCancel("none" + i, Set.of(), Set.of(), app -> true)));
      assertTrue(small.bytes() <= 20_000);
    }
    assertTrue(small.size() > 30);
    time.advance(Duration.ofMillis(RungDevices.REMEMBERED_MS));
    assertFalse(small.isOver(ring("call", "1")));
    assertEquals(1, small.size());
    assertEquals(1, small.calls());
  }

  @Test
  void oneThatIsLongerThanAllMayBeIsNotRemembered() {
    RungDevices small = new RungDevices(time, 20_000);
    assertFalse(small.isOver(ring("a", "1")));
    assertFalse(small.isOver(ring("b", "x".repeat(20_001))));
    assertEquals(1, small.size());
  }

  @Test
  void whatACancelHasToTellIsAsItsRingSaid() {
    List<Device> devices =
        List.of(
            new Device("1", null),
            new Device("ab12", "ID", "-ab12", true),
            new Device("cd34", "", "ab12-cd34", false, "ref"),
            new Device("elsewhere", "\uD800", "ключ", false, "é"));
    for (String name : new String[] {null, "", "Алиса", "x".repeat(40_000)}) {
      List<RungDevice> expected = new ArrayList<>();
      for (Device device : devices) {
        Push sample = SamplePush.of(Event.INCOMING_SESSION).displayName(name).push();
        Push ring =
            new Push(UUID.randomUUID(), PHONE, device, sample.event(), "a", sample.details(), 0, 1);
        expected.add(RungDevice.of(ring));
        assertFalse(rung.isOver(ring));
      }
      assertEquals(expected, rung.cancel(new CallCancel("a", Set.of(), Set.of(), app -> true)));
    }
  }

  @Test
  void devicesThatAreExceptedGoOnAndAreToldLater() {
    for (String token : List.of("1", "2", "3")) {
      Device device = new Device(token, "ID-" + token, token, false, "ref-" + token);
      assertFalse(rung.isOver(push(Event.INCOMING_SESSION, "a", PHONE, device)));
    }
    Set<String> refs = Set.of("ref-2");
    assertEquals(List.of("3"), cancel(new CallCancel("a", refs, Set.of("id-1"), app -> true)));
    assertEquals(List.of("1", "2"), cancel("a"));
  }

  @Test
  void oneDeviceMayBeCancelledByItsId() {
    rang("a", "1", "2");
    CallCancel one = new CallCancel("a", Set.of(), Set.of(), app -> true, "id-of-2");
    assertEquals(List.of("2"), cancel(one));
    assertEquals(List.of("1"), cancel("a"));
  }

  @Test
  void aDeviceIsExceptedByItsToken() {
    rang("a", "1");
    rang("a", "2");
    assertEquals(List.of("2"), cancel(new CallCancel("a", Set.of("1"), Set.of(), app -> true)));
  }

  @Test
  void devicesOfApplicationsThatTheKeyMayNotUseAreNotSeen() {
    rang("a", "1");
    assertEquals(List.of(), cancel(new CallCancel("a", Set.of(), Set.of(), ANDROID::equals)));
    assertEquals(List.of("1"), cancel(new CallCancel("a", Set.of(), Set.of(), PHONE::equals)));
  }

  @Test
  void aRingThatItsCancelHasOvertakenIsOver() {
    assertEquals(List.of(), cancel("a"));
    assertTrue(isOver("a", "1"));
    assertTrue(isOver("a", "2"), "all of them");
    assertFalse(isOver("b", "1"));
    assertEquals(List.of(), cancel("a"));
  }

  @Test
  void whatComesMuchLaterWasNotOvertaken() {
    assertEquals(List.of(), cancel("a"));
    time.advance(Duration.ofMillis(RungDevices.OVERTAKEN_MS - 1));
    assertTrue(isOver("a", "1"));
    time.advance(Duration.ofMillis(1));
    assertFalse(isOver("a", "1"));
    assertEquals(List.of("1"), cancel("a"));
  }

  @Test
  void aCancelOvertakesNothingOfOtherKeysNorOfWhatIsExcepted() {
    assertEquals(
        List.of(), cancel(new CallCancel("a", Set.of(), Set.of("id-of-1"), PHONE::equals)));
    assertTrue(isOver("a", "2"));
    assertFalse(isOver("a", "1"));
    assertFalse(rung.isOver(push(Event.INCOMING_SESSION, "a", ANDROID, new Device("2", null))));
  }

  /** A PBX goes on with other phones under the same call-id. */
  @Test
  void whoCancelsWhatHasRungMayRingOthersAtOnce() {
    rang("a", "1");
    assertEquals(List.of("1"), cancel("a"));
    assertFalse(isOver("a", "2"));
    assertEquals(List.of("2"), cancel("a"));
    assertEquals(List.of(), cancel("a"), "repeated");
    assertFalse(isOver("a", "3"));
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "DEAD_TOKEN", "SUPERSEDED", "OVERLOADED"})
  void aPhoneThatWasNotReachedIsNotTold(Result result) {
    Push ring = ring("a", "1");
    assertFalse(rung.isOver(ring));
    ended(ring, result);
    assertEquals(List.of(), cancel("a"));
    assertFalse(isOver("a", "2"), "the call is known all the same");
  }

  @ParameterizedTest
  @EnumSource(names = {"DELIVERED", "EXPIRED", "ABANDONED"})
  void aPhoneThatMayRingIsTold(Result result) {
    Push ring = ring("a", "1");
    assertFalse(rung.isOver(ring));
    ended(ring, result);
    assertEquals(List.of("1"), cancel("a"));
  }

  @Test
  void theEndOfAnEarlierRingIsNotThatOfALaterOne() {
    Push first = ring("a", "1");
    assertFalse(rung.isOver(first));
    assertEquals(List.of("1"), cancel("a"));
    assertFalse(isOver("a", "1"));
    ended(first, Result.SUPERSEDED);
    assertEquals(List.of("1"), cancel("a"));
  }

  @Test
  void aRequestThatWasTurnedAwayDoesNotTakeTheFirstOneAlong() {
    rang("a", "1");
    Push again = ring("a", "1");
    assertFalse(rung.isOver(again));
    ended(again, Result.OVERLOADED);
    assertEquals(List.of("1"), cancel("a"));
  }

  @Test
  void aRingIsUnwantedWhenTheLastOfItsCallersHasGone() {
    Push ring = ring("a", "1");
    assertFalse(rung.isOver(ring));
    assertFalse(isOver("a", "1"));
    assertFalse(rung.left(ring));
    assertTrue(rung.left(ring));
    assertFalse(rung.left(ring), "it is cancelled once");
    assertEquals(List.of(), cancel("a"));
  }

  @Test
  void whoWasAnsweredCountsNoMore() {
    Push first = ring("a", "1");
    assertFalse(rung.isOver(first));
    rung.answered(first);
    Push second = ring("a", "1");
    assertFalse(rung.isOver(second));
    assertTrue(rung.left(second));
  }

  @Test
  void aRingAndItsCancelMeetWhicheverComesFirst()
      throws InterruptedException, ExecutionException, TimeoutException {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 2_000; round++) {
        String callId = "call" + round;
        CountDownLatch both = new CountDownLatch(2);
        Future<Boolean> ring = threads.submit(() -> meet(both, () -> isOver(callId, "1")));
        Future<Boolean> cancel =
            threads.submit(() -> meet(both, () -> cancel(callId).equals(List.of("1"))));
        assertNotEquals(ring.get(20, TimeUnit.SECONDS), cancel.get(20, TimeUnit.SECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean meet(CountDownLatch both, BooleanSupplier action)
      throws InterruptedException {
    both.countDown();
    both.await();
    return action.getAsBoolean();
  }

  @Test
  void noDeviceIsToldTwiceHoweverManyCancelAtOnce()
      throws InterruptedException, ExecutionException, TimeoutException {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int i = 0; i < 1_000; i++) {
        rang("a", "token" + i);
      }
      List<Future<List<String>>> found = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        found.add(threads.submit(() -> cancel("a")));
      }
      List<String> all = new ArrayList<>();
      for (Future<List<String>> one : found) {
        all.addAll(one.get(20, TimeUnit.SECONDS));
      }
      assertEquals(1_000, all.size());
      assertEquals(1_000, new HashSet<>(all).size());
    } finally {
      threads.shutdownNow();
    }
  }
}
