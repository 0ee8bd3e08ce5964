// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.later;
import static org.pushserver.queue.SampleAnswers.said;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.fake.LogTrail;
import org.pushserver.fcm.FcmProvider;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SendQueueModel.Request;
import org.pushserver.spi.SamplePush;

/** Rings, their cancels, and requests that come twice. */
class CallsTest {
  private static final Duration LIFE = Duration.ofSeconds(64);

  private final LogTrail log = new LogTrail();
  private final SendQueueModel sendQueue = new SendQueueModel(0);

  @AfterEach
  void everybodyIsTold() {
    sendQueue.finish();
    log.close();
  }

  @CanIgnoreReturnValue
  private Request ring() {
    return sendQueue.arrive(Event.INCOMING_SESSION, "4711", "phone", LIFE, true);
  }

  @CanIgnoreReturnValue
  private Request cancel() {
    return sendQueue.arrive(Event.CANCEL, "4711", "phone", LIFE, true);
  }

  private List<Event> sent() {
    return sendQueue.sent.stream().map(Push::event).toList();
  }

  private static void assertEnd(Request request, Result result, int code, String reason) {
    Outcome outcome = request.outcome().orElseThrow();
    assertEquals(result, outcome.result());
    assertEquals(code, outcome.response().code());
    assertEquals(reason, outcome.response().reason());
  }

  private static void assertCancelled(Request ring) {
    assertEnd(ring, Result.SUPERSEDED, 409, "cancelled before it was sent");
  }

  private static void assertNothingToCancel(Request cancel) {
    assertEnd(cancel, Result.SUPERSEDED, 200, "nothing to cancel");
  }

  private static void assertWaits(Request request) {
    assertEquals(Optional.empty(), request.outcome());
  }

  @Test
  void aCancelWithdrawsItsRingThatWaitsAndNeitherIsSent() {
    Request ring = ring();
    Request cancel = cancel();
    assertCancelled(ring);
    assertNothingToCancel(cancel);
    sendQueue.window(5);
    assertEquals(List.of(), sent());
    assertEquals(2, sendQueue.sendQueue.counts().ended(Result.SUPERSEDED));
  }

  @Test
  void aCancelWithdrawsItsRingThatWasToldToWait() {
    sendQueue.window(1);
    Request ring = ring();
    sendQueue.answer(0, later(Duration.ofSeconds(5)));
    Request cancel = cancel();
    assertCancelled(ring);
    assertNothingToCancel(cancel);
    sendQueue.advance(Duration.ofSeconds(10));
    assertEquals(List.of(Event.INCOMING_SESSION), sent());
  }

  @Test
  void aCancelWaitsForItsRingInFlightAndIsSentOnceThatIsDelivered() {
    sendQueue.window(5);
    Request ring = ring();
    Request cancel = cancel();
    assertEquals(List.of(Event.INCOMING_SESSION), sent());
    assertEquals(1, sendQueue.sendQueue.counts().waiting());
    sendQueue.answer(0, delivered());
    assertEnd(ring, Result.DELIVERED, 200, "");
    assertEquals(List.of(Event.INCOMING_SESSION, Event.CANCEL), sent());
    sendQueue.answer(0, delivered());
    assertEnd(cancel, Result.DELIVERED, 200, "");
  }

  static List<Answer> ends() {
    return List.of(
        new Answer.DeadToken(said(410, "Unregistered")),
        new Answer.Refused(said(400, "Bad"), Answer.Fault.PUSH));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void aCancelIsNotSentWhenItsRingNeverReachedThePhone(Answer answer) {
    sendQueue.window(5);
    Request ring = ring();
    Request cancel = cancel();
    sendQueue.answer(0, answer);
    assertTrue(ring.outcome().isPresent());
    assertNothingToCancel(cancel);
    assertEquals(List.of(Event.INCOMING_SESSION), sent());
  }

  @Test
  void aRingThatWouldBeTriedAgainIsNotOnceItsCancelWaits() {
    sendQueue.window(5);
    Request ring = ring();
    Request cancel = cancel();
    sendQueue.answer(0, later(null));
    assertCancelled(ring);
    assertNothingToCancel(cancel);
  }

  @Test
  void aRingThatTheServiceDidNotSeeIsNotSentAgainOnceItsCancelWaits() {
    sendQueue.window(5);
    Request ring = ring();
    Request cancel = cancel();
    sendQueue.fail(0, true);
    assertCancelled(ring);
    assertNothingToCancel(cancel);
  }

  @Test
  void aRingThatMayBeOnThePhoneIsCancelledThere() {
    sendQueue.window(5);
    Request ring = ring();
    Request cancel = cancel();
    sendQueue.answer(0, new Answer.Later(said(503, "Unavailable"), null, true));
    assertCancelled(ring);
    assertWaits(cancel);
    assertEquals(List.of(Event.INCOMING_SESSION, Event.CANCEL), sent());
  }

  @Test
  void aRingWhoseAnswerWasLostIsCancelledOnThePhone() {
    sendQueue.window(5);
    Request ring = ring();
    sendQueue.fail(0, false);
    Request cancel = cancel();
    assertCancelled(ring);
    assertWaits(cancel);
    assertEquals(List.of(Event.INCOMING_SESSION, Event.CANCEL), sent());
  }

  @Test
  void aRingThatItsCancelHasOvertakenKeepsThePhoneSilent() {
    Request cancel = cancel();
    assertCancelled(ring());
    sendQueue.window(5);
    assertCancelled(ring());
    sendQueue.answer(0, delivered());
    assertEnd(cancel, Result.DELIVERED, 200, "");
    assertEquals(List.of(Event.CANCEL), sent());
  }

  @Test
  void aCallThatComesBackToTheSamePhoneAfterItsCancelRings() {
    sendQueue.window(5);
    cancel();
    sendQueue.answer(0, delivered());
    Request ring = ring();
    sendQueue.answer(0, delivered());
    assertEnd(ring, Result.DELIVERED, 200, "");
  }

  @Test
  void theSameRingTwiceIsOnePushAndBothCallersGetItsAnswer() {
    Request first = ring();
    Request second = ring();
    sendQueue.window(1);
    Request third = ring();
    sendQueue.answer(0, delivered());
    for (Request request : List.of(first, second, third)) {
      assertEnd(request, Result.DELIVERED, 200, "");
    }
    assertEquals(List.of(Event.INCOMING_SESSION), sent());
    assertEquals(2, sendQueue.sendQueue.counts().joined());
    assertEquals(3, sendQueue.sendQueue.counts().accepted());
  }

  @Test
  void aRepeatedRingIsWithdrawnWithTheFirst() {
    Request first = ring();
    Request second = ring();
    cancel();
    assertCancelled(first);
    assertCancelled(second);
  }

  @Test
  void theSameCancelTwiceIsOnePush() {
    sendQueue.window(5);
    ring();
    Request first = cancel();
    Request second = cancel();
    sendQueue.answer(0, delivered());
    sendQueue.answer(0, delivered());
    assertEnd(first, Result.DELIVERED, 200, "");
    assertEnd(second, Result.DELIVERED, 200, "");
    assertEquals(List.of(Event.INCOMING_SESSION, Event.CANCEL), sent());
  }

  @Test
  void theSameRingAfterTheFirstHasEndedIsAnotherPush() {
    sendQueue.window(5);
    ring();
    sendQueue.answer(0, delivered());
    ring();
    assertEquals(List.of(Event.INCOMING_SESSION, Event.INCOMING_SESSION), sent());
  }

  @Test
  void anotherPhoneOfTheCalleeIsAnotherCall() {
    Request ring = sendQueue.arrive(Event.INCOMING_SESSION, "4711", "tablet", LIFE, true);
    cancel();
    assertWaits(ring);
    sendQueue.window(5);
    assertEquals(List.of(Event.INCOMING_SESSION, Event.CANCEL), sent());
  }

  @Test
  void withoutACallIdNothingIsTheSameAndNothingIsCancelled() {
    for (Event event : List.of(Event.INCOMING_SESSION, Event.INCOMING_SESSION, Event.CANCEL)) {
      assertWaits(sendQueue.arrive(event, "", "phone", LIFE, true));
    }
    sendQueue.window(5);
    assertEquals(3, sendQueue.sent.size());
  }

  @Test
  void aCancelWithdrawsItsRingEvenWhenTheQueueIsFull() {
    Request ring = ring();
    for (int i = 1; i < SendQueueModel.MAX_QUEUE; i++) {
      sendQueue.arrive(Event.INCOMING_SESSION, "other " + i, "phone", LIFE, false);
    }
    assertEnd(
        sendQueue.arrive(Event.CANCEL, "unknown", "phone", LIFE, true),
        Result.OVERLOADED,
        503,
        "too many pushes wait for this application");
    assertNothingToCancel(cancel());
    assertCancelled(ring);
  }

  @Test
  void equalRequestsTakeRoomToo() {
    for (int i = 0; i < SendQueueModel.MAX_QUEUE; i++) {
      ring();
    }
    assertEquals(Result.OVERLOADED, ring().outcome().orElseThrow().result());
  }

  @Test
  void withoutADeviceIdThePairOfTokensIsTheDevice() {
    Optional<Outcome> none =
        NotingCaller.take(
            sendQueue.sendQueue,
            push(Event.INCOMING_SESSION, new Device("a1", null, "a1-b2"), "x"),
            null);
    Optional<Outcome> over =
        NotingCaller.take(
            sendQueue.sendQueue, push(Event.CANCEL, new Device("b2", null, "a1-b2"), "x"), null);
    assertTrue(none.isEmpty() && over.isEmpty());
    assertEquals(2, sendQueue.sendQueue.counts().ended(Result.SUPERSEDED));
  }

  @Test
  void aMessageThatSaysSomethingElseUnderTheSameCallIdIsAnotherPush() {
    Device phone = new Device("a1", "phone");
    for (String content : List.of("hello", "hello", "are you there?")) {
      assertTrue(
          NotingCaller.take(sendQueue.sendQueue, push(Event.MESSAGE, phone, content), null)
              .isEmpty());
    }
    assertEquals(1, sendQueue.sendQueue.counts().joined());
    assertEquals(2, sendQueue.sendQueue.counts().waiting());
  }

  @Test
  void aNewTokenOfTheSameDeviceIsNotAnsweredWithTheFateOfTheOld() {
    Push old = push(Event.INCOMING_SESSION, new Device("a1", "phone"), null);
    Push renewed = push(Event.INCOMING_SESSION, new Device("c3", "phone"), null);
    assertTrue(NotingCaller.take(sendQueue.sendQueue, old, null).isEmpty());
    assertTrue(NotingCaller.take(sendQueue.sendQueue, renewed, null).isEmpty());
    assertEquals(2, sendQueue.sendQueue.counts().waiting());
    cancel();
    assertEquals(0, sendQueue.sendQueue.counts().waiting());
  }

  static List<Arguments> spellings() {
    String id = "00000000-1111-2222-3333-4444aaaabbbb";
    return List.of(
        arguments(named("with a device-id, without", new Device("a1", id)), new Device("a1", null)),
        arguments(
            named("a device-id in another case", new Device("a1", id)),
            new Device("a2", id.toUpperCase(Locale.ROOT))),
        arguments(
            named("a token in another case", new Device("a1b2", null)), new Device("A1B2", null)),
        arguments(
            named("two tokens, the first of them", new Device("a1", null, "a1-b2")),
            new Device("a1", null)),
        arguments(
            named("two tokens, the second of them", new Device("a1", null, "a1-b2")),
            new Device("B2", null)),
        arguments(
            named("two tokens, written otherwise", new Device("a1", null, "b2:remote&a1:voip")),
            new Device("b2", null, "a1#b2")),
        arguments(
            named("a token alone, written otherwise", new Device("b2", null, "-b2", true)),
            new Device("b2", null, "b2:remote", true)),
        arguments(named("one token, two", new Device("b2", null)), new Device("b2", null, "a1-b2")),
        arguments(
            named("two tokens, and a device-id", new Device("a1", null, "a1-b2")),
            new Device("b2", id)));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void aCancelFindsItsRingHoweverEachSpellsThePhone(Device rings, Device cancelled) {
    Request ring = sendQueue.arrive(Event.INCOMING_SESSION, "4711", rings, LIFE, true);
    Request cancel = sendQueue.arrive(Event.CANCEL, "4711", cancelled, LIFE, true);
    assertCancelled(ring);
    assertNothingToCancel(cancel);
    sendQueue.window(5);
    assertEquals(List.of(), sent());
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void aRingComesAfterItsCancelInVainHoweverEachSpellsThePhone(Device rings, Device cancelled) {
    sendQueue.window(5);
    sendQueue.arrive(Event.CANCEL, "4711", cancelled, LIFE, true);
    assertCancelled(sendQueue.arrive(Event.INCOMING_SESSION, "4711", rings, LIFE, true));
    assertEquals(List.of(Event.CANCEL), sent());
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void aCancelWaitsForItsRingInFlightHoweverEachSpellsThePhone(Device rings, Device cancelled) {
    sendQueue.window(5);
    sendQueue.arrive(Event.INCOMING_SESSION, "4711", rings, LIFE, true);
    sendQueue.arrive(Event.CANCEL, "4711", cancelled, LIFE, true);
    assertEquals(List.of(Event.INCOMING_SESSION), sent());
    sendQueue.answer(0, delivered());
    assertEquals(List.of(Event.INCOMING_SESSION, Event.CANCEL), sent());
  }

  @Test
  void theSameRingIsOnePushHoweverEachSpellsThePhone() {
    for (Device device :
        List.of(
            new Device("a1", null),
            new Device("A1", null),
            new Device("a1", "phone"),
            new Device("a1", null, "a1-b2"))) {
      sendQueue.arrive(Event.INCOMING_SESSION, "4711", device, LIFE, true);
    }
    assertEquals(3, sendQueue.sendQueue.counts().joined());
  }

  @Test
  void aCancelFindsARingByTheNameThatARepeatOfItHad() {
    Request ring =
        sendQueue.arrive(Event.INCOMING_SESSION, "4711", new Device("a1", null), LIFE, true);
    Request repeat =
        sendQueue.arrive(Event.INCOMING_SESSION, "4711", new Device("a1", "phone"), LIFE, true);
    assertNothingToCancel(
        sendQueue.arrive(Event.CANCEL, "4711", new Device("b2", "phone"), LIFE, true));
    assertCancelled(ring);
    assertCancelled(repeat);
  }

  @Test
  void aDeviceIdThatLooksLikeATokenIsNone() {
    Request ring =
        sendQueue.arrive(Event.INCOMING_SESSION, "4711", new Device("a1", "b2"), LIFE, true);
    sendQueue.arrive(Event.CANCEL, "4711", new Device("b2", null), LIFE, true);
    assertWaits(ring);
  }

  @Test
  void tokensOfGoogleThatDifferInCaseAreOfTwoPhones() {
    SendQueueModel google = new SendQueueModel(0, new FcmProvider().tokens());
    Push ring = android(google, Event.INCOMING_SESSION, "fGx:APA91b");
    Push cancel = android(google, Event.CANCEL, "fGx:apa91b");
    assertTrue(NotingCaller.take(google.sendQueue, ring, null).isEmpty());
    assertTrue(NotingCaller.take(google.sendQueue, cancel, null).isEmpty());
    assertEquals(2, google.sendQueue.counts().waiting());
    google.finish();
  }

  private Push android(SendQueueModel google, Event event, String token) {
    Push push = push(event, new Device(token, null), null);
    return google.known(
        new Push(
            push.id(),
            new AppKey("com.example.phone", AppKey.FIREBASE),
            push.device(),
            event,
            push.callId(),
            push.details(),
            push.bornAt(),
            push.deadline()));
  }

  private Push push(Event event, Device device, String content) {
    Push sample = SamplePush.of(event).callId("4711").push();
    Details said = sample.details();
    return sendQueue.known(
        new Push(
            UUID.randomUUID(),
            sample.app(),
            device,
            event,
            "4711",
            new Details(
                said.from(),
                said.fromDisplayName(),
                said.to(),
                said.mediaType(),
                said.silent(),
                said.reason(),
                said.badge(),
                said.account(),
                said.filename(),
                said.filetype(),
                content,
                said.contentType()),
            sendQueue.time.now(),
            sendQueue.time.now() + LIFE.toMillis()));
  }

  private static Device phone() {
    return new Device("token_of_phone", "phone");
  }

  private static void assertUntold(Request cancel) {
    assertEnd(
        cancel,
        Result.SUPERSEDED,
        200,
        "the ring has been sent, and applications of this type cannot be told to stop");
    assertTrue(OwnAnswers.isUntold(cancel.outcome().orElseThrow().response()));
  }

  @Test
  void whereACancelCannotBeSentTheRingThatWaitsIsWithdrawn() {
    Request ring = ring();
    Request cancel = sendQueue.withdraw("4711", phone()).orElseThrow();
    assertCancelled(ring);
    assertNothingToCancel(cancel);
    sendQueue.window(1);
    assertEquals(List.of(), sent());
  }

  @Test
  void whereACancelCannotBeSentARingInFlightIsNotTriedAgain() {
    sendQueue.window(1);
    Request ring = ring();
    Request cancel = sendQueue.withdraw("4711", phone()).orElseThrow();
    assertWaits(cancel);
    sendQueue.answer(0, later(Duration.ofSeconds(1)));
    assertCancelled(ring);
    assertNothingToCancel(cancel);
    assertEquals(List.of(Event.INCOMING_SESSION), sent());
  }

  @Test
  void whereACancelCannotBeSentItSaysThatThePhoneRings() {
    sendQueue.window(1);
    ring();
    Request cancel = sendQueue.withdraw("4711", phone()).orElseThrow();
    sendQueue.answer(0, delivered());
    assertUntold(cancel);
    assertEquals(List.of(Event.INCOMING_SESSION), sent());
  }

  @Test
  void whereACancelCannotBeSentARingThatMayHaveArrivedIsWithdrawnAndItSaysSo() {
    sendQueue.window(1);
    Request ring = ring();
    sendQueue.answer(0, new Answer.Later(said(503, "Busy"), Duration.ofSeconds(5), true));
    assertUntold(sendQueue.withdraw("4711", phone()).orElseThrow());
    assertCancelled(ring);
    assertEquals(List.of(Event.INCOMING_SESSION), sent());
  }

  @Test
  void whereThereIsNoRingNothingIsWithdrawnAndNobodyIsTold() {
    Request other = sendQueue.arrive(Event.INCOMING_SESSION, "4711", "tablet", LIFE, true);
    assertEquals(Optional.empty(), sendQueue.withdraw("4711", phone()));
    assertEquals(Optional.empty(), sendQueue.withdraw("4712", phone()));
    assertEquals(1, sendQueue.sendQueue.counts().accepted());
    assertWaits(other);
  }

  @Test
  void aRingComesInVainWhileItsCancelWaitsForAnotherInFlight() {
    sendQueue.window(1);
    ring();
    Request cancel = sendQueue.withdraw("4711", phone()).orElseThrow();
    Device pair = new Device("another", "phone");
    assertCancelled(sendQueue.arrive(Event.INCOMING_SESSION, "4711", pair, LIFE, true));
    sendQueue.answer(0, delivered());
    assertUntold(cancel);
  }

  @Test
  void aRingThatIsKnownToBeOverIsAcceptedAndEndsAtOnce() {
    assertCancelled(sendQueue.overtaken("4711", phone()));
    assertEquals(1, sendQueue.sendQueue.counts().accepted());
    assertEquals(List.of(), sent());
  }
}
