// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.queue.SampleAnswers.delivered;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.queue.SendQueueModel.Request;
import org.pushserver.spi.SamplePush;

/** The memory that the pushes of all applications share while they wait. */
class QueueMemoryTest {
  private static final Duration LIFE = Duration.ofSeconds(64);
  private static final int ONE = Weight.of(SamplePush.of(Event.INCOMING_SESSION).push());

  private final LogTrail log = new LogTrail();
  private final SendQueueModel model = new SendQueueModel(0);
  private int number;

  @AfterEach
  void close() {
    model.finish();
    assertEquals(0, model.memory.used());
    log.close();
  }

  private Optional<Outcome> take(Event event, String callId) {
    Push push = SamplePush.of(event).callId(callId).bornAt(model.time.now()).push();
    return NotingCaller.take(
        model.sendQueue,
        model.known(
            new Push(
                UUID.randomUUID(),
                push.app(),
                push.device(),
                event,
                callId,
                push.details(),
                push.bornAt(),
                push.deadline())),
        null);
  }

  private Optional<Outcome> take(Event event) {
    return take(event, "call " + ++number);
  }

  private static void assertOverloaded(Optional<Outcome> refused) {
    assertEquals(Result.OVERLOADED, refused.orElseThrow().result());
    assertEquals(503, refused.orElseThrow().response().code());
    assertEquals(
        "the pushes that wait take all the memory they may",
        refused.orElseThrow().response().reason());
  }

  @Test
  void fourFifthsAreForAllAndTheRestIsForCalls() {
    model.memory.limit(10L * ONE + ONE / 2);
    for (int i = 0; i < 7; i++) {
      assertTrue(take(Event.MESSAGE).isEmpty());
    }
    while (take(Event.MESSAGE).isEmpty()) {
      // A message weighs a little less or more than a call.
    }
    assertOverloaded(take(Event.TRANSFER));
    assertTrue(take(Event.INCOMING_SESSION).isEmpty());
    while (take(Event.INCOMING_SESSION).isEmpty()) {
      // Until calls have taken the rest.
    }
    assertOverloaded(take(Event.CANCEL));
    assertTrue(model.memory.used() <= model.memory.limit());
    assertEquals(4, model.memory.refused());
    model.window(8);
    model.answer(0, delivered());
    model.answer(0, delivered());
    assertTrue(take(Event.INCOMING_SESSION).isEmpty());
  }

  @Test
  void whoWaitsForAPushWeighsToo() {
    Request alone = model.arrive(Event.INCOMING_SESSION, "a", "phone", LIFE, false);
    long one = model.memory.used();
    assertTrue(alone.outcome().isEmpty());
    model.arrive(Event.INCOMING_SESSION, "a", "phone", LIFE, false);
    assertEquals(one, model.memory.used(), "the same once more is not kept");
    model.arrive(Event.INCOMING_SESSION, "a", "phone", LIFE, true);
    assertEquals(one + Weight.CLIENT, model.memory.used());
  }

  @Test
  void theLastAnswerWeighsAndIsKeptWithoutItsTextWhereThereIsNoRoom() {
    model.window(1);
    Request ring = model.arrive(Event.INCOMING_SESSION, "a", "phone", LIFE, true);
    long before = model.memory.used();
    Response said = new Response(503, "Busy", "https://a", "x".repeat(2_000));
    Answer later = new Answer.Later(said, Duration.ofSeconds(10), false);
    model.answer(0, later);
    assertTrue(model.memory.used() >= before + 2_000);
    model.memory.limit(before);
    model.advance(Duration.ofSeconds(10));
    model.answer(
        0, new Answer.Later(new Response(503, "Busy", "", "{}"), LIFE.dividedBy(4), false));
    assertTrue(model.memory.used() < before + 2_000);
    model.advance(LIFE.dividedBy(4));
    model.answer(0, later);
    assertTrue(model.memory.used() < before + 2_000);
    model.advance(Duration.ofSeconds(10));
    model.answer(0, new Answer.Later(said, LIFE, false));
    Outcome outcome = ring.outcome().orElseThrow();
    assertEquals(Result.EXPIRED, outcome.result());
    assertTrue(outcome.response().reason().endsWith("last answer: 503 Busy"));
    model.memory.limit(Long.MAX_VALUE);
  }

  @Test
  void whenTooMuchIsInFlightAnApplicationStillSendsAFewAtATime() {
    model.memory.limit(20_000);
    model.window(8);
    for (int i = 0; i < 8; i++) {
      assertTrue(take(Event.INCOMING_SESSION).isEmpty());
    }
    assertEquals(4, model.openAttempts());
    model.answer(0, delivered());
    assertEquals(4, model.openAttempts());
    assertEquals(5, model.sent.size());
    model.memory.limit(Long.MAX_VALUE);
    model.answer(0, delivered());
    assertEquals(6, model.openAttempts());
  }

  @Test
  void whatTheServiceWouldNeverTakeIsAnsweredWithoutWaiting() {
    Response tooLong = SampleAnswers.said(413, "PayloadTooLarge");
    model.service().refusal = Optional.of(new Answer.Refused(tooLong, Answer.Fault.PUSH));
    Push push = SamplePush.of(Event.MESSAGE).content("x".repeat(5_000)).push();
    Outcome[] told = new Outcome[1];
    assertTrue(
        NotingCaller.take(
                model.sendQueue,
                model.known(push.moved(model.time.now() - push.bornAt())),
                end -> told[0] = end)
            .isEmpty());
    assertEquals(new Outcome(Result.REFUSED, tooLong, 0), told[0]);
    assertTrue(take(Event.MESSAGE).isEmpty(), "what is short is not asked about");
    assertEquals(1, model.sendQueue.counts().waiting());
  }
}
