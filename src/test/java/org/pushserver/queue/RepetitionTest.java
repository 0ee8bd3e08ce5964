// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.later;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Answer;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SendQueueModel.Request;

/** A ring of whose phone nothing is heard is pushed once more, unless its call is over. */
class RepetitionTest {
  private static final Duration LIFE = Duration.ofSeconds(64);
  private static final Duration AFTER = Duration.ofSeconds(5);

  private final LogTrail log = new LogTrail();
  private final SendQueueModel model = new SendQueueModel(1, AFTER);

  @AfterEach
  void close() {
    log.close();
  }

  @CanIgnoreReturnValue
  private Request ring(String callId) {
    return model.arrive(Event.INCOMING_SESSION, callId, "phone", LIFE, true);
  }

  @CanIgnoreReturnValue
  private Request cancel(String callId, String device) {
    return model.arrive(Event.CANCEL, callId, device, LIFE, true);
  }

  private void rung(String callId) {
    ring(callId);
    model.answer(0, delivered());
  }

  private List<String> sent() {
    return model.sent.stream().map(push -> push.event().name()).toList();
  }

  @Test
  void afterItsTimeTheSamePushGoesOutOnceMoreAndNeverAgain() {
    rung("a");
    model.advance(AFTER.minusMillis(1));
    assertEquals(1, model.sent.size());
    model.advance(Duration.ofMillis(1));
    assertEquals(2, model.sent.size());
    Push first = model.sent.get(0);
    assertEquals(first, model.sent.get(1), "id, call-id and deadline are the same");
    model.answer(0, delivered());
    model.advance(LIFE);
    assertEquals(2, model.sent.size());
    assertEquals(List.of(first), model.repeated);
    assertEquals(1, model.sendQueue.counts().ended(Result.DELIVERED), "it has ended once");
    assertTrue(log.lines().stream().anyMatch(line -> line.startsWith("repeated call-id=a")));
    model.finish();
  }

  @Test
  void ofAPhoneThatWasHeardOfNothingIsPushedOnceMore() {
    rung("a");
    model.advance(Duration.ofSeconds(4));
    model.acknowledge(model.sent.get(0));
    model.advance(LIFE);
    assertEquals(1, model.sent.size());
    model.finish();
  }

  @Test
  void aCancelEndsItForEveryPhoneOfTheCall() {
    rung("a");
    cancel("a", "another phone");
    model.answer(0, delivered());
    model.advance(LIFE);
    assertEquals(List.of("incoming_session", "cancel"), sent());
    model.finish();
  }

  @Test
  void aCancelThatIsNotSentEndsItToo() {
    rung("a");
    assertTrue(model.withdraw("a", new Device("token_of_phone", null)).isEmpty());
    model.advance(LIFE);
    assertEquals(1, model.sent.size());
    model.finish();
  }

  @Test
  void aCancelOfAnotherCallEndsNothing() {
    rung("a");
    cancel("b", "phone");
    model.answer(0, delivered());
    model.advance(AFTER);
    assertEquals(List.of("incoming_session", "cancel", "incoming_session"), sent());
    model.finish();
  }

  @Test
  void aCancelWhileItWaitsForItsTurnWithdrawsItAndIsSent() {
    rung("a");
    ring("b");
    model.advance(AFTER);
    assertEquals(2, model.sent.size(), "the window is full");
    Request cancel = cancel("a", "phone");
    model.answer(0, delivered());
    assertEquals(List.of("incoming_session", "incoming_session", "cancel"), sent());
    model.answer(0, delivered());
    assertEquals(Result.DELIVERED, cancel.outcome().orElseThrow().result());
    model.finish();
  }

  @Test
  void aCancelWhileItIsInFlightFollowsIt() {
    rung("a");
    model.advance(AFTER);
    Request cancel = cancel("a", "phone");
    assertEquals(2, model.sent.size(), "the cancel waits for the ring");
    model.answer(0, later(Duration.ofSeconds(1)));
    assertEquals(List.of("incoming_session", "incoming_session", "cancel"), sent());
    model.answer(0, delivered());
    assertEquals(Result.DELIVERED, cancel.outcome().orElseThrow().result());
    model.advance(LIFE);
    assertEquals(3, model.sent.size(), "it is not tried again");
    model.finish();
  }

  @Test
  void aRingThatWasCancelledWhileInFlightIsNotPushedOnceMore() {
    ring("a");
    cancel("a", "phone");
    model.answer(0, delivered());
    model.answer(0, delivered());
    model.advance(LIFE);
    assertEquals(List.of("incoming_session", "cancel"), sent());
    model.finish();
  }

  @Test
  void itsDeadlineIsThatOfTheCall() {
    model.arrive(Event.INCOMING_SESSION, "a", "phone", AFTER, true);
    model.answer(0, delivered());
    model.advance(LIFE);
    assertEquals(1, model.sent.size());
    model.finish();
  }

  @Test
  void whatIsToldToComeAgainComesAgainUntilTheDeadline() {
    rung("a");
    model.advance(AFTER);
    model.answer(0, later(Duration.ofSeconds(1)));
    model.advance(Duration.ofSeconds(1));
    assertEquals(3, model.sent.size());
    model.answer(0, later(Duration.ofSeconds(1)));
    model.advance(LIFE);
    model.finish();
  }

  @Test
  void theSameRingAnewTakesItsPlaceAndIsPushedOnceMoreItself() {
    rung("a");
    model.advance(Duration.ofSeconds(3));
    rung("a");
    model.advance(Duration.ofSeconds(3));
    assertEquals(2, model.sent.size());
    model.advance(Duration.ofSeconds(2));
    assertEquals(3, model.sent.size());
    assertEquals(model.sent.get(1).id(), model.sent.get(2).id());
    model.finish();
  }

  @Test
  void anEqualRequestThatComesWhileItIsInFlightSharesItsEnd() {
    rung("a");
    model.advance(AFTER);
    Request same = ring("a");
    assertEquals(2, model.sent.size());
    model.answer(0, delivered());
    assertEquals(Result.DELIVERED, same.outcome().orElseThrow().result());
    model.finish();
  }

  @Test
  void whatWasNotDeliveredOrIsNoCallOrHasNoCallIdIsNotPushedOnceMore() {
    ring("");
    model.answer(0, delivered());
    model.arrive(Event.MESSAGE, "m", "phone", LIFE, true);
    model.answer(0, delivered());
    ring("refused");
    model.answer(0, new Answer.DeadToken(SampleAnswers.said(410, "Gone")));
    model.advance(LIFE);
    assertEquals(3, model.sent.size());
    model.finish();
  }

  @Test
  void aQueueThatEndsWaitsForNoneOfThem() {
    rung("a");
    Future<Void> drained = model.sendQueue.drain(LIFE);
    assertTrue(drained.isComplete());
    model.advance(LIFE);
    assertEquals(1, model.sent.size());
    assertEquals(0, model.memory.used());
  }

  @Test
  void whereItIsOffNoTimerRuns() {
    SendQueueModel off = new SendQueueModel(1);
    off.arrive(Event.INCOMING_SESSION, "a", "phone", LIFE, true);
    off.answer(0, delivered());
    off.advance(LIFE);
    assertEquals(1, off.sent.size());
    assertFalse(off.sendQueue.counts().repeating() > 0);
  }
}
