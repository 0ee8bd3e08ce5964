// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static java.time.ZoneOffset.UTC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.ApnsCall;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/** APNs is there, and says no, later, or nothing. */
class ApnsFaultsIT {
  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private ApnsPeer apns;

  @BeforeEach
  void start() throws Exception {
    apns = fixture.apns(100);
    fixture.start(fixture.apple(apns.port()));
    await(apns.untilConnections(1));
  }

  private static void delivered(Outcome outcome, int attempts) {
    assertEquals(Result.DELIVERED, outcome.result());
    assertEquals(attempts, outcome.attempts());
  }

  private void recoversAfter(Duration outage) {
    long recovery = fixture.time.now() + outage.toMillis();
    apns.does(
        call -> {
          if (fixture.time.now() < recovery) {
            call.defer(503, "ServiceUnavailable");
          } else {
            call.take();
          }
        });
  }

  @Test
  void messagesSurviveHalfAMinuteOf503() throws Exception {
    recoversAfter(Duration.ofSeconds(30));
    List<Future<Outcome>> ends = fixture.sendAll(fixture.messages(300));
    fixture.passAnswered(Duration.ofSeconds(29));
    assertEquals(Map.of(), apns.ledger().taken());
    fixture.passAnswered(Duration.ofSeconds(45));
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.DELIVERED, end.result());
      // 0.5 s doubling: at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, each wait a fifth off at most.
      assertTrue(end.attempts() >= 6 && end.attempts() <= 8, end::toString);
    }
    fixture.balance();
  }

  @Test
  void ringsSurviveHalfAMinuteOf503() throws Exception {
    recoversAfter(Duration.ofSeconds(30));
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(300));
    fixture.passAnswered(Duration.ofSeconds(64));
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.DELIVERED, end.result());
    }
    fixture.balance();
  }

  @Test
  void apnsThatNeverRecoversEndsAPushAtItsDeadlineAndNeverAfter() throws Exception {
    apns.does(
        call -> {
          assertTrue(fixture.time.now() < ManualTime.START + 64_000);
          call.defer(503, "ServiceUnavailable");
        });
    Future<Outcome> end = fixture.send(fixture.ring());
    fixture.passAnswered(Duration.ofSeconds(70));
    Outcome outcome = await(end);
    assertEquals(Result.EXPIRED, outcome.result());
    assertEquals(504, outcome.response().code());
    assertEquals(outcome.attempts(), apns.ledger().arrivals());
    fixture.balance();
  }

  @Test
  void retryAfterInSecondsIsWaitedFor() throws Exception {
    retryAfterIsWaitedFor("7", Duration.ofSeconds(7));
  }

  @Test
  void retryAfterAsADateIsWaitedFor() throws Exception {
    Instant date = Instant.ofEpochMilli(ManualTime.START).plusSeconds(9);
    retryAfterIsWaitedFor(
        DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(UTC)), Duration.ofSeconds(9));
  }

  private void retryAfterIsWaitedFor(String header, Duration wait) throws Exception {
    apns.does(call -> call.defer(429, "TooManyRequests", header));
    Future<Outcome> end = fixture.send(fixture.ring());
    await(apns.ledger().untilArrivals(1));
    fixture.settle();
    apns.does(ApnsCall::take);
    fixture.pass(wait.minusMillis(1));
    assertEquals(1, apns.ledger().arrivals());
    fixture.pass(Duration.ofMillis(1));
    delivered(await(end), 2);
    fixture.balance();
  }

  @Test
  void whoIsToldToWaitBeyondHisDeadlineIsToldSoAtOnce() throws Exception {
    apns.does(call -> call.defer(429, "TooManyRequests", "3600"));
    Outcome outcome = await(fixture.send(fixture.ring()));
    assertEquals(Result.EXPIRED, outcome.result());
    assertEquals(504, outcome.response().code());
    fixture.balance();
  }

  @Test
  void oneDeviceThatIsToldToWaitHoldsUpNobody() throws Exception {
    Push limited = fixture.ring();
    apns.does(
        call -> {
          if (call.token().equals(limited.device().token())) {
            call.defer(429, "TooManyRequests", "5");
          } else {
            call.take();
          }
        });
    Future<Outcome> later = fixture.send(limited);
    awaitAll(fixture.sendAll(fixture.rings(200))).forEach(end -> delivered(end, 1));
    assertTrue(!later.isComplete());
    apns.does(ApnsCall::take);
    fixture.pass(Duration.ofSeconds(5));
    delivered(await(later), 2);
    fixture.balance();
  }

  @Test
  void aRefusedStreamGoesAgainAtOnceAndCostsNoAttempt() throws Exception {
    // Netty's server sends no more than 200 resets in 30 s.
    List<Push> rings = fixture.rings(150);
    apns.does(
        call -> {
          if (apns.ledger().calls(call.id()).isEmpty()) {
            call.refuseStream();
          } else {
            call.take();
          }
        });
    awaitAll(fixture.sendAll(rings)).forEach(end -> delivered(end, 1));
    assertEquals(300, apns.ledger().arrivals());
    assertEquals(1, apns.connections());
    fixture.balance();
  }

  @Test
  void whoIsRefusedAgainAndAgainIsNotSentInATightLoop() throws Exception {
    apns.does(ApnsCall::refuseStream);
    Future<Outcome> end = fixture.send(fixture.ring());
    fixture.pass(Duration.ofSeconds(10));
    // Two at once, then after 0.5, 1, 2, 2 … s, each 20 % shorter at the least.
    assertTrue(apns.ledger().arrivals() <= 9, () -> apns.ledger().arrivals() + " tries in 10 s");
    apns.does(ApnsCall::take);
    fixture.pass(Duration.ofSeconds(20));
    delivered(await(end), 1);
    fixture.balance();
  }

  /** PROTOCOL_ERROR, INTERNAL_ERROR, CANCEL and ENHANCE_YOUR_CALM. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 8, 11})
  void aStreamThatIsResetOtherwiseMayHaveBeenTakenAndGoesAgainKnowingly(long code)
      throws Exception {
    apns.does(call -> call.reset(code));
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(20));
    await(apns.ledger().untilArrivals(20));
    fixture.settle();
    apns.does(ApnsCall::take);
    fixture.pass(Duration.ofSeconds(1));
    awaitAll(ends).forEach(end -> delivered(end, 2));
    assertEquals(20, apns.ledger().pushes().size());
    assertEquals(1, apns.connections());
    fixture.balance();
  }

  @Test
  void apnsThatTakesRequestsAndNeverAnswersLosesNoPush() throws Exception {
    apns.does(ApnsCall::keep);
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(50));
    await(apns.ledger().untilArrivals(50));
    apns.does(ApnsCall::take);
    await(fixture.time.advance(Duration.ofSeconds(10)));
    fixture.passUntil(Future.all(ends));
    awaitAll(ends).forEach(end -> delivered(end, 2));
    fixture.balance();
  }

  @Test
  void apnsThatNeverAnswersAnybodyEndsEachPushAtItsDeadline() throws Exception {
    apns.does(ApnsCall::keep);
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(20));
    await(apns.ledger().untilArrivals(20));
    fixture.passUntil(Future.all(ends));
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.EXPIRED, end.result());
      assertTrue(end.attempts() >= 3 && end.attempts() <= 7, end::toString);
    }
    fixture.balance();
  }
}
