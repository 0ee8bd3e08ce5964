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
  private final HandStore store = new HandStore();
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

  private static void assertNotKept(Outcome outcome) {
    assertEquals(Result.OVERLOADED, outcome.result());
    assertEquals(503, outcome.response().code());
    assertEquals("the push could not be kept", outcome.response().reason());
  }

  @Test
  void aPushIsAcceptedCountedAndSentOnceItIsKeptAndNotBefore() {
    NotingCaller caller = post(Event.INCOMING_SESSION, "a");
    assertFalse(caller.isAccepted());
    assertEquals(0, sendQueue.counts().accepted());
    assertEquals(List.of(), sent());
    model.keep(0, true);
    assertTrue(caller.isAccepted());
    assertEquals(1, sendQueue.counts().accepted());
    assertEquals(List.of("a"), sent());
    assertEquals(List.of("a"), store.held());
  }

  @Test
  void whatCannotBeKeptIsTurnedAwayAndNotCountedAsAccepted() {
    NotingCaller posted = post(Event.MESSAGE, "a");
    Request request = ring("b");
    model.keep(0, false);
    model.keep(0, false);
    assertFalse(posted.isAccepted());
    assertNotKept(posted.outcome().orElseThrow());
    assertNotKept(request.outcome().orElseThrow());
    assertEquals(0, sendQueue.counts().accepted());
    assertEquals(2, sendQueue.counts().ended(Result.OVERLOADED));
    assertEquals(0, model.memory.used());
    assertEquals(List.of(), sent());
  }

  @Test
  void theStoreKnowsWhoWaits() {
    post(Event.INCOMING_SESSION, "a");
    ring("b");
    assertEquals(List.of(false, true), store.awaited());
  }

  @Test
  void aCancelDoesNotOvertakeItsRingThatIsBeingKept() {
    Request ring = ring("a");
    Request cancel = model.arrive(Event.CANCEL, "a", "phone", LIFE, true);
    model.keep(1, true);
    assertEquals(List.of(), sent());
    assertTrue(cancel.outcome().isEmpty());
    model.window(0);
    model.keep(0, true);
    assertEquals(Result.SUPERSEDED, ring.outcome().orElseThrow().result());
    assertEquals("nothing to cancel", cancel.outcome().orElseThrow().response().reason());
    assertEquals(List.of(), sent());
  }

  @Test
  void aCancelWhoseRingCouldNotBeKeptGoesAlone() {
    Request ring = ring("a");
    Request cancel = model.arrive(Event.CANCEL, "a", "phone", LIFE, true);
    model.keep(1, true);
    model.keep(0, false);
    assertNotKept(ring.outcome().orElseThrow());
    assertEquals(1, model.sent.size());
    model.answer(0, delivered());
    assertEquals(Result.DELIVERED, cancel.outcome().orElseThrow().result());
  }

  @Test
  void onlyItsOwnCallWaitsForAPush() {
    ring("a");
    ring("b");
    model.keep(1, true);
    assertEquals(List.of("b"), sent());
  }

  @Test
  void memoryAndPlacesAreTakenWhileAPushIsBeingKept() {
    ring("0");
    long one = model.memory.used();
    assertTrue(one > 0);
    ring("0");
    assertEquals(2 * one, model.memory.used());
    for (int i = 2; i < SendQueueModel.MAX_QUEUE; i++) {
      ring("" + i);
    }
    assertEquals(Result.OVERLOADED, ring("one more").outcome().orElseThrow().result());
    model.keep(0, true);
    model.keep(0, true);
    assertEquals(1, sendQueue.counts().joined());
    long freed = Weight.of(push(Event.INCOMING_SESSION, "0"));
    assertTrue(model.memory.used() <= SendQueueModel.MAX_QUEUE * one - freed);
  }

  @Test
  void aRepeatIsKeptUntilTheEndOfThePushWhenNobodyWaitsForItAndSomebodyDoesForThat() {
    Request ring = ring("a");
    model.keep(0, true);
    NotingCaller posted = new NotingCaller(false);
    sendQueue.take(again(ring.push), posted);
    model.keep(0, true);
    assertTrue(posted.isAccepted());
    assertEquals(List.of("a", "a"), store.held());
    sendQueue.take(again(ring.push), new NotingCaller(false));
    model.keep(0, true);
    assertEquals(List.of("a", "a"), store.held(), "one stands for all");
    model.answer(0, delivered());
    assertTrue(ring.outcome().isPresent());
    assertEquals(List.of(), store.held());
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
  void theEndOfTheQueueWaitsForWhatIsBeingKept() {
    NotingCaller posted = post(Event.INCOMING_SESSION, "a");
    Future<Void> drained = sendQueue.drain(LIFE);
    assertFalse(drained.isComplete());
    model.keep(0, true);
    assertTrue(posted.isAccepted());
    assertFalse(drained.isComplete());
    model.answer(0, delivered());
    assertTrue(drained.isComplete());
  }

  @Test
  void theEndOfTheQueueDoesNotWaitForWhatCouldNotBeKept() {
    post(Event.INCOMING_SESSION, "a");
    Future<Void> drained = sendQueue.drain(LIFE);
    model.keep(0, false);
    assertTrue(drained.isComplete());
  }

  @Test
  void whatIsStillBeingKeptWhenAllIsGivenUpIsTurnedAway() {
    NotingCaller posted = post(Event.INCOMING_SESSION, "a");
    Request request = ring("a");
    assertEquals(2, sendQueue.giveUp(503, "the server is shutting down").result());
    for (Outcome outcome : List.of(posted.outcome().get(), request.outcome().get())) {
      assertEquals(Result.OVERLOADED, outcome.result());
      assertEquals("the server is shutting down", outcome.response().reason());
    }
    model.keep(0, true);
    model.keep(0, true);
    assertEquals(List.of(), sent());
  }

  @Test
  void whatAFormerProcessLeftIsTakenUpWhetherThereIsRoomOrNot() {
    model.memory.limit(1);
    Push ring = push(Event.INCOMING_SESSION, "a");
    Push message = push(Event.MESSAGE, "b");
    assertTrue(sendQueue.takeUp(List.of(new KeptPush(ring), new KeptPush(message))).isComplete());
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
    assertTrue(sendQueue.takeUp(List.of(new KeptPush(ring), new KeptPush(cancel))).isComplete());
    assertEquals(2, sendQueue.counts().ended(Result.SUPERSEDED));
  }
}
