// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.queue.SampleAnswers.delivered;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SendQueueModel.Request;
import org.pushserver.spi.SamplePush;

/** Pushes whose store takes its time, or does not take them. */
class KeepingTest {
  private static final Duration LIFE = Duration.ofSeconds(64);

  private final LogTrail log = new LogTrail();
  private final HandStore store = new HandStore(1_000);
  private final SendQueueModel model = new SendQueueModel(5, store);
  private final SendQueue sendQueue = model.sendQueue;

  @AfterEach
  void whatHasEndedIsKeptNoMore() {
    model.finish();
    assertEquals(List.of(), store.held());
    log.close();
  }

  private Push push(Event event, String callId) {
    Push sample = SamplePush.of(event).callId(callId).bornAt(model.time.now()).push();
    return model.known(
        new Push(
            UUID.randomUUID(),
            sample.app(),
            sample.device(),
            event,
            callId,
            sample.details(),
            sample.bornAt(),
            sample.deadline()));
  }

  /** Somebody hands in a push and does not wait for its end. */
  @CanIgnoreReturnValue
  private NotingCaller post(Event event, String callId) {
    NotingCaller caller = new NotingCaller(false);
    sendQueue.take(push(event, callId), caller);
    return caller;
  }

  @CanIgnoreReturnValue
  private Request ring(String callId) {
    return model.arrive(Event.INCOMING_SESSION, callId, "phone", LIFE, true);
  }

  private List<String> sent() {
    return model.sent.stream().map(Push::callId).toList();
  }

  private static void assertNotKept(Result result, Outcome outcome) {
    assertEquals(result, outcome.result());
    assertEquals(503, outcome.response().code());
    assertEquals("the push could not be kept", outcome.response().reason());
  }

  @Test
  void aPushIsSentWhileItIsBeingKeptAndItsCallerToldWhenItIs() {
    NotingCaller caller = post(Event.INCOMING_SESSION, "a");
    assertEquals(List.of("a"), sent());
    assertFalse(caller.isAccepted());
    model.keep(0, true);
    assertTrue(caller.isAccepted());
    assertEquals(List.of("a"), store.held());
  }

  @Test
  void itsCallerIsToldWhenItHasEndedThoughItIsNotKept() {
    NotingCaller caller = post(Event.INCOMING_SESSION, "a");
    model.answer(0, delivered());
    assertTrue(caller.isAccepted());
    model.keep(0, true);
    assertEquals(List.of(), store.held());
  }

  @Test
  void whatCannotBeKeptAndIsNotSentIsTakenOutAndNeverSent() {
    model.window(0);
    NotingCaller caller = post(Event.MESSAGE, "a");
    model.keep(0, false);
    assertNotKept(Result.ABANDONED, caller.outcome().orElseThrow());
    model.window(5);
    assertEquals(List.of(), sent());
    assertEquals(0, model.memory.used());
  }

  @Test
  void whatCannotBeKeptWhileItIsWithThePushServiceIsAnsweredByWhatComesOfThat() {
    NotingCaller good = post(Event.INCOMING_SESSION, "good");
    NotingCaller bad = post(Event.INCOMING_SESSION, "bad");
    model.keep(0, false);
    model.keep(0, false);
    assertFalse(good.isAccepted());
    assertTrue(bad.outcome().isEmpty());
    model.answer(0, delivered());
    assertTrue(good.isAccepted());
    model.answer(0, SampleAnswers.later(Duration.ofSeconds(1)));
    assertNotKept(Result.ABANDONED, bad.outcome().orElseThrow());
    model.advance(Duration.ofSeconds(5));
    assertEquals(List.of("good", "bad"), sent());
  }

  @Test
  void whatCouldNotBeSentAtAllAndIsNotKeptIsNotTriedAgain() {
    NotingCaller caller = post(Event.INCOMING_SESSION, "a");
    model.keep(0, false);
    model.fail(0, true);
    assertNotKept(Result.ABANDONED, caller.outcome().orElseThrow());
    assertEquals(List.of("a"), sent());
  }

  @Test
  void aStoreThatIsKnownToKeepNothingTurnsAwayWhoDoesNotWaitAndNobodyElse() {
    store.isBroken(true);
    NotingCaller posted = post(Event.MESSAGE, "a");
    Request request = ring("b");
    assertNotKept(Result.OVERLOADED, posted.outcome().orElseThrow());
    assertEquals(List.of("b"), sent());
    assertEquals(1, sendQueue.counts().accepted());
    store.isBroken(false);
    model.answer(0, delivered());
    assertTrue(request.outcome().isPresent());
  }

  @Test
  void aPushWhoseCallerWaitsIsKeptWhenItTakesLongAndNotBefore() {
    model.window(0);
    Request request = ring("a");
    model.advance(Duration.ofMillis(999));
    assertEquals(0, store.open());
    model.advance(Duration.ofMillis(1));
    assertEquals(1, store.open());
    model.keep(0, true);
    assertEquals(List.of("a"), store.held());
    model.advance(Duration.ofSeconds(10));
    assertEquals(0, store.open(), "it is kept once");
    assertTrue(request.outcome().isEmpty());
  }

  @Test
  void whatEndsSoonIsNeverKept() {
    Request request = ring("a");
    model.answer(0, delivered());
    model.advance(Duration.ofSeconds(10));
    assertTrue(request.outcome().isPresent());
    assertEquals(0, store.open());
  }

  @Test
  void whoWaitsDoesNotMindThatTheDiskIsFull() {
    model.window(0);
    Request request = ring("a");
    model.advance(Duration.ofSeconds(1));
    model.keep(0, false);
    assertTrue(request.outcome().isEmpty());
    model.window(1);
    model.answer(0, delivered());
    assertEquals(Result.DELIVERED, request.outcome().orElseThrow().result());
  }

  @Test
  void whoWaitsIsTriedAgainThoughTheDiskIsKnownToBeFull() {
    store.isBroken(true);
    Request request = ring("a");
    model.advance(Duration.ofSeconds(1));
    model.answer(0, SampleAnswers.later(Duration.ofSeconds(1)));
    model.advance(Duration.ofSeconds(5));
    assertEquals(List.of("a", "a"), sent());
    model.answer(0, delivered());
    assertEquals(Result.DELIVERED, request.outcome().orElseThrow().result());
  }

  @Test
  void whoWaitsIsTriedAgainThoughWhoDoesNotIsRefusedMeanwhile() {
    NotingCaller posted = new NotingCaller(false);
    Push push = push(Event.INCOMING_SESSION, "a");
    sendQueue.take(push, posted);
    model.keep(0, false);
    NotingCaller waits = new NotingCaller(true);
    sendQueue.take(again(push), waits);
    model.answer(0, SampleAnswers.later(Duration.ofSeconds(1)));
    assertNotKept(Result.OVERLOADED, posted.outcome().orElseThrow());
    model.advance(Duration.ofSeconds(5));
    model.answer(0, delivered());
    assertEquals(Result.DELIVERED, waits.outcome().orElseThrow().result());
  }

  @Test
  void theStoreKnowsThatAnAttemptIsUnderWayAndWhatCameOfIt() {
    model.window(0);
    post(Event.MESSAGE, "a");
    model.keep(0, true);
    assertFalse(store.kept().get(0).mayHaveArrived());
    model.window(1);
    assertTrue(store.kept().get(0).mayHaveArrived());
    model.answer(0, SampleAnswers.later(Duration.ofSeconds(3)));
    assertFalse(store.kept().get(0).mayHaveArrived());
    assertEquals(1, store.kept().get(0).attempts());
  }

  @Test
  void anEndIsToldWhenItCannotBeUndoneAnyMore() {
    store.forgetByHand();
    model.window(0);
    Request request = ring("a");
    model.advance(Duration.ofSeconds(1));
    model.keep(0, true);
    model.window(1);
    model.answer(0, delivered());
    assertTrue(request.outcome().isEmpty());
    Future<Void> drained = sendQueue.drain(LIFE);
    assertFalse(drained.isComplete());
    model.keep(0, true);
    assertEquals(Result.DELIVERED, request.outcome().orElseThrow().result());
    assertTrue(drained.isComplete());
  }

  @Test
  void aCancelIsToldThatItHasWithdrawnARingWhenThatCannotComeBack() {
    store.forgetByHand();
    model.window(0);
    post(Event.INCOMING_SESSION, "a");
    model.keep(0, true);
    Request cancel = model.arrive(Event.CANCEL, "a", phone(), LIFE, true);
    assertTrue(cancel.outcome().isEmpty());
    model.keep(0, true);
    assertEquals(Result.SUPERSEDED, cancel.outcome().orElseThrow().result());
    assertEquals(List.of(), store.kept());
  }

  private static Device phone() {
    return SamplePush.of(Event.INCOMING_SESSION).push().device();
  }

  @Test
  void theStoreKnowsWhoWaits() {
    post(Event.INCOMING_SESSION, "a");
    ring("b");
    assertEquals(List.of(false, true), store.awaited());
  }

  @Test
  void aPushThatSomebodyWaitsForIsKeptForWhoAsksForTheSameAndDoesNotWait() {
    Request ring = ring("a");
    NotingCaller posted = new NotingCaller(false);
    sendQueue.take(again(ring.push), posted);
    assertFalse(posted.isAccepted());
    model.keep(0, true);
    assertTrue(posted.isAccepted());
    NotingCaller another = new NotingCaller(false);
    sendQueue.take(again(ring.push), another);
    assertTrue(another.isAccepted(), "one stands for all");
    assertEquals(List.of("a"), store.held());
  }

  @Test
  void aPushThatCannotBeKeptGoesOnForWhoWaitsForIt() {
    model.window(0);
    NotingCaller posted = new NotingCaller(false);
    Push push = push(Event.INCOMING_SESSION, "a");
    sendQueue.take(push, posted);
    NotingCaller waits = new NotingCaller(true);
    sendQueue.take(again(push), waits);
    model.keep(0, false);
    assertNotKept(Result.OVERLOADED, posted.outcome().orElseThrow());
    model.window(1);
    model.answer(0, delivered());
    assertEquals(Result.DELIVERED, waits.outcome().orElseThrow().result());
  }

  private Push again(Push push) {
    return model.known(
        new Push(
            UUID.randomUUID(),
            push.app(),
            push.device(),
            push.event(),
            push.callId(),
            push.details(),
            push.bornAt(),
            push.deadline()));
  }

  @Test
  void whenAllIsGivenUpWhatWasPromisedStaysInAStoreThatLasts() {
    store.lasts();
    store.forgetByHand();
    model.window(0);
    NotingCaller kept = post(Event.MESSAGE, "kept");
    model.keep(0, true);
    Request waits = ring("waits");
    model.advance(Duration.ofSeconds(1));
    model.keep(0, true);
    NotingCaller coming = post(Event.MESSAGE, "coming");
    Future<Integer> gone = sendQueue.giveUp(503, "the server is shutting down");
    assertTrue(kept.isAccepted());
    assertFalse(gone.isComplete());
    assertTrue(waits.outcome().isEmpty(), "who sends it again is not to find it twice");
    model.keep(0, true);
    assertTrue(coming.isAccepted());
    assertTrue(gone.isComplete());
    model.keep(0, true);
    assertEquals(Result.ABANDONED, waits.outcome().orElseThrow().result());
    assertEquals(2, sendQueue.leftBehind());
    assertEquals(List.of("kept", "coming"), store.held());
    store.forgetAll();
  }

  @Test
  void whenAllIsGivenUpWhatCannotBeKeptAnyMoreIsRefused() {
    store.lasts();
    model.window(0);
    NotingCaller coming = post(Event.MESSAGE, "coming");
    Future<Integer> gone = sendQueue.giveUp(503, "the server is shutting down");
    model.keep(0, false);
    assertTrue(gone.isComplete());
    assertNotKept(Result.OVERLOADED, coming.outcome().orElseThrow());
    store.forgetAll();
  }

  @Test
  void whenAllIsGivenUpAndNothingLastsEverybodyIsTold() {
    model.window(0);
    NotingCaller posted = post(Event.INCOMING_SESSION, "a");
    Request request = ring("b");
    assertEquals(2, sendQueue.giveUp(503, "the server is shutting down").result());
    for (Outcome outcome : List.of(posted.outcome().get(), request.outcome().get())) {
      assertEquals(Result.ABANDONED, outcome.result());
      assertEquals("the server is shutting down", outcome.response().reason());
    }
  }

  private Future<Void> takeUp(List<KeptPush> left) {
    return sendQueue.takeUp(left, push -> false);
  }

  @Test
  void whatAFormerProcessLeftIsTakenUpWhetherThereIsRoomOrNot() {
    model.memory.limit(1);
    Push ring = push(Event.INCOMING_SESSION, "a");
    Push message = push(Event.MESSAGE, "b");
    assertTrue(takeUp(List.of(new KeptPush(ring), new KeptPush(message))).isComplete());
    assertEquals(List.of(ring.id(), message.id()), model.sent.stream().map(Push::id).toList());
    assertEquals(2, sendQueue.counts().accepted());
    assertEquals(0, store.open(), "it is kept already");
    model.memory.limit(Long.MAX_VALUE);
  }

  @Test
  void whatWasLeftMeansToEachOtherWhatItMeantBefore() {
    Push ring = push(Event.INCOMING_SESSION, "a");
    Push cancel = push(Event.CANCEL, "a");
    model.window(0);
    assertTrue(takeUp(List.of(new KeptPush(ring), new KeptPush(cancel))).isComplete());
    assertEquals(2, sendQueue.counts().ended(Result.SUPERSEDED));
  }

  @Test
  void aRingThatWasLeftIsNotSentBeforeItsCancelThatWasLeftIsUnderstood() {
    Push ring = push(Event.INCOMING_SESSION, "a");
    Push cancel = push(Event.CANCEL, "a");
    assertTrue(takeUp(List.of(new KeptPush(ring), new KeptPush(cancel))).isComplete());
    assertEquals(List.of(), sent());
  }

  @Test
  void theCancelOfARingThatMayHaveArrivedIsSent() {
    Push ring = push(Event.INCOMING_SESSION, "a");
    Push cancel = push(Event.CANCEL, "a");
    List<KeptPush> left = List.of(new KeptPush(ring, 1, true), new KeptPush(cancel));
    assertTrue(takeUp(left).isComplete());
    assertEquals(List.of(cancel.id()), model.sent.stream().map(Push::id).toList());
  }

  @Test
  void aRingThatWasLeftIsNotSentWhenACancelHasOvertakenIt() {
    KeptPush ring = new KeptPush(push(Event.INCOMING_SESSION, "a"));
    assertTrue(sendQueue.takeUp(List.of(ring), push -> true).isComplete());
    assertEquals(1, sendQueue.counts().ended(Result.SUPERSEDED));
    assertEquals(List.of(), sent());
  }

  @Test
  void whatHasExpiredMeanwhileEndsAsExpired() {
    Push ring = push(Event.INCOMING_SESSION, "a");
    model.advance(LIFE);
    assertTrue(takeUp(List.of(new KeptPush(ring))).isComplete());
    assertEquals(1, sendQueue.counts().ended(Result.EXPIRED));
    assertEquals(List.of(), sent());
  }
}
