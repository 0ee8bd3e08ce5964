// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.later;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SendQueueModel.Request;

/** Nobody waits beyond a deadline, wherever the push is and whatever the wall clock says. */
class DeadlineTest {
  private static final Duration LIFE = Duration.ofSeconds(64);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int CLOCK_SET_S = 7_200;

  private final LogTrail log = new LogTrail();
  private final SendQueueModel model = new SendQueueModel(1);

  @AfterEach
  void close() {
    log.close();
  }

  @CanIgnoreReturnValue
  private Request ring(String callId) {
    return model.arrive(Event.INCOMING_SESSION, callId, "phone", LIFE, true);
  }

  @CanIgnoreReturnValue
  private Request cancel(String callId, Duration life) {
    return model.arrive(Event.CANCEL, callId, "phone", life, true);
  }

  private static void expired(Request request, int attempts, String reason) {
    Outcome outcome = request.outcome().orElseThrow();
    assertEquals(Result.EXPIRED, outcome.result());
    assertEquals(504, outcome.response().code());
    assertEquals(attempts, outcome.attempts());
    assertTrue(outcome.response().reason().endsWith(reason), outcome.response()::reason);
  }

  private List<String> sent() {
    return model.sent.stream().map(push -> push.event().name()).toList();
  }

  private boolean isLogged(String beginning) {
    return log.lines().stream().anyMatch(line -> line.startsWith(beginning));
  }

  @Test
  void aPushThatNobodyAnswersIsAnsweredAtItsDeadline() {
    Request ring = ring("a");
    model.advance(LIFE.minusMillis(1));
    assertTrue(ring.outcome().isEmpty());
    model.advance(Duration.ofMillis(1));
    expired(ring, 1, "it never answered");
    assertEquals(0, model.sendQueue.counts().inFlight());
    model.finish();
  }

  @Test
  void anAnswerAfterTheDeadlineCountsForNobodyAndIsLogged() {
    Request ring = ring("a");
    model.advance(LIFE);
    model.answer(0, delivered());
    expired(ring, 1, "it never answered");
    assertEquals(1, model.sendQueue.counts().ended(Result.EXPIRED));
    assertEquals(0, model.sendQueue.counts().ended(Result.DELIVERED));
    assertTrue(isLogged("late"), log.lines()::toString);
    model.finish();
  }

  @Test
  void aConnectionThatBreaksAfterTheDeadlineIsNoNews() {
    Request ring = ring("a");
    model.advance(LIFE);
    model.fail(0, false);
    expired(ring, 1, "it never answered");
    assertFalse(isLogged("late"), log.lines()::toString);
    model.finish();
  }

  @Test
  void untilTheAnswerComesTheWindowIsNotFree() {
    ring("a");
    Request other = ring("b");
    model.advance(LIFE);
    expired(other, 0, "its turn did not come in time");
    ring("c");
    assertEquals(1, model.sent.size());
    model.answer(0, delivered());
    assertEquals(2, model.sent.size());
    model.finish();
  }

  @Test
  void whatTheServiceSaidLastIsToldAlsoWhenItThenNeverAnswers() {
    Request ring = ring("a");
    model.answer(0, later(SECOND));
    model.advance(LIFE);
    expired(ring, 2, "last answer: 503 Busy");
    model.finish();
  }

  @Test
  void aRingThatExpiresInFlightMayBeOnThePhoneSoItsCancelIsSent() {
    model.window(2);
    Request ring = ring("a");
    model.advance(SECOND);
    Request cancel = cancel("a", LIFE);
    assertEquals(List.of("incoming_session"), sent());
    model.advance(LIFE.minus(SECOND));
    expired(ring, 1, "it never answered");
    assertEquals(List.of("incoming_session", "cancel"), sent());
    model.answer(1, delivered());
    assertEquals(Result.DELIVERED, cancel.outcome().orElseThrow().result());
    model.finish();
  }

  @Test
  void aCancelThatComesAfterItsRingExpiredInFlightIsSent() {
    model.window(2);
    ring("a");
    model.advance(LIFE);
    cancel("a", LIFE);
    assertEquals(List.of("incoming_session", "cancel"), sent());
    model.finish();
  }

  @Test
  void aCancelIsHeldNoLongerThanItsOwnLife() {
    Request ring = ring("a");
    Request cancel = cancel("a", Duration.ofSeconds(5));
    model.advance(Duration.ofSeconds(5));
    expired(cancel, 0, "it never answered");
    model.answer(0, later(SECOND));
    assertEquals(Result.SUPERSEDED, ring.outcome().orElseThrow().result());
    model.finish();
  }

  @Test
  void ofManyInFlightEachExpiresInItsTime() {
    int many = SendQueueModel.MAX_QUEUE;
    model.window(many);
    List<Request> rings = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      // In no order.
      Duration life = Duration.ofSeconds(1 + i * 7 % many);
      rings.add(model.arrive(Event.INCOMING_SESSION, "call " + i, "phone", life, true));
    }
    for (int second = 1; second <= many; second++) {
      model.advance(SECOND);
      assertEquals(second, rings.stream().filter(request -> request.outcome().isPresent()).count());
    }
    model.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {CLOCK_SET_S, -CLOCK_SET_S})
  void whenTheClockIsSetWhatWaitsExpiresAtItsTime(int seconds) {
    model.window(0);
    Request ring = ring("a");
    model.setClock(Duration.ofSeconds(seconds));
    model.advance(LIFE.minusMillis(1));
    assertTrue(ring.outcome().isEmpty());
    model.advance(Duration.ofMillis(1));
    expired(ring, 0, "its turn did not come in time");
    model.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {CLOCK_SET_S, -CLOCK_SET_S})
  void whenTheClockIsSetWhatIsInFlightExpiresAtItsTime(int seconds) {
    Request ring = ring("a");
    model.setClock(Duration.ofSeconds(seconds));
    model.advance(LIFE.minusMillis(1));
    assertTrue(ring.outcome().isEmpty());
    model.advance(Duration.ofMillis(1));
    expired(ring, 1, "it never answered");
    model.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {CLOCK_SET_S, -CLOCK_SET_S})
  void whenTheClockIsSetWhatWasToldToWaitComesBackAtItsTime(int seconds) {
    ring("a");
    model.answer(0, later(Duration.ofSeconds(5)));
    model.setClock(Duration.ofSeconds(seconds));
    model.advance(Duration.ofSeconds(5).minusMillis(1));
    assertEquals(1, model.sent.size());
    model.advance(Duration.ofMillis(1));
    assertEquals(2, model.sent.size());
    model.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {CLOCK_SET_S, -CLOCK_SET_S})
  void whenTheClockIsSetThePushServiceIsToldTheDeadlineByTheNewOne(int seconds) {
    model.window(0);
    Push push = ring("a").push;
    model.advance(Duration.ofSeconds(4));
    model.setClock(Duration.ofSeconds(seconds));
    model.window(1);
    Push sent = model.sent.get(0);
    assertEquals(push.id(), sent.id());
    assertEquals(60_000, sent.remaining(model.time.now()));
    assertEquals(4_000, model.time.now() - sent.bornAt());
    model.answer(0, delivered());
    assertTrue(
        log.lines().stream().anyMatch(line -> line.contains(" ms=4000")), log.lines()::toString);
    model.finish();
  }

  @Test
  void whenTheClockIsSetTheAgeOfTheQueueStaysWhatItIs() {
    model.window(0);
    ring("a");
    model.advance(SECOND);
    model.setClock(Duration.ofSeconds(-CLOCK_SET_S));
    model.advance(SECOND);
    assertEquals(2_000, model.sendQueue.calls().headAgeMs());
    model.finish();
  }
}
