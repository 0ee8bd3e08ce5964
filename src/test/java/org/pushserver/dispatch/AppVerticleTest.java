// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.dispatch.AppFixture.CALL;
import static org.pushserver.fake.Await.await;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.later;
import static org.pushserver.queue.SampleAnswers.notSent;
import static org.pushserver.queue.SampleAnswers.said;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.dispatch.ScriptedService.Attempt;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.spi.SamplePush;

/** What becomes of one push: its end, or when it is tried again. */
class AppVerticleTest {
  /** The first delay of ours. */
  private static boolean halfASecond(long delay) {
    return delay >= 400 && delay <= 600;
  }

  private static boolean aSecond(long delay) {
    return delay >= 800 && delay <= 1200;
  }

  private static final List<LongPredicate> DELAYS =
      List.of(AppVerticleTest::halfASecond, AppVerticleTest::aSecond);

  @RegisterExtension private final AppFixture app = AppFixture.started(1);
  private final ScriptedService service = app.service;

  static Stream<Arguments> finalAnswers() {
    return Stream.of(
        Arguments.of(delivered(), Result.DELIVERED),
        Arguments.of(new Answer.Refused(said(400, "BadTopic"), Answer.Fault.PUSH), Result.REFUSED),
        Arguments.of(new Answer.DeadToken(said(410, "Unregistered")), Result.DEAD_TOKEN));
  }

  @ParameterizedTest
  @MethodSource("finalAnswers")
  void aFinalAnswerEndsThePushOnce(Answer answer, Result result) throws Exception {
    Future<Outcome> outcome = app.deliver(app.call("c"));
    await(service.next()).answer(answer);
    assertEquals(new Outcome(result, answer.response(), 1), await(outcome));
    app.advance(CALL);
    assertEquals(List.of("c"), service.sent());
    assertEquals(1, app.log.lines().stream().filter(line -> line.startsWith("outcome")).count());
  }

  @Test
  void aPushToldToWaitComesBackAfterThatTimeAsTheSamePush() throws Exception {
    Push push = app.call("c");
    Future<Outcome> outcome = app.deliver(push);
    Attempt first = await(service.next());
    Future<Long> timer = app.time.untilTimer(delay -> delay == 5_000);
    first.answer(later(Duration.ofSeconds(5)));
    assertEquals(5_000, await(timer));
    app.advance(Duration.ofMillis(4_999));
    assertEquals(List.of("c"), service.sent());
    app.advance(Duration.ofMillis(1));
    Attempt second = await(service.next());
    assertEquals(push.id(), second.push.id());
    second.answer(delivered());
    assertEquals(new Outcome(Result.DELIVERED, said(200, ""), 2), await(outcome));
  }

  @Test
  void withoutATimeToWaitItIsHalfASecondThenTwiceThat() throws Exception {
    Future<Outcome> outcome = app.deliver(app.call("c"));
    for (LongPredicate delay : DELAYS) {
      Future<Long> timer = app.time.untilTimer(delay);
      await(service.next()).answer(later(null));
      app.advance(Duration.ofMillis(await(timer)));
    }
    await(service.next()).answer(delivered());
    assertEquals(3, await(outcome).attempts());
  }

  @Test
  void aPushThatWaitsHoldsUpNoOther() throws Exception {
    Future<Outcome> waits = app.deliver(app.call("waits"));
    Future<Long> timer = app.time.untilTimer(AppVerticleTest::halfASecond);
    await(service.next()).answer(later(null));
    Future<Outcome> other = app.deliver(app.call("other"));
    await(service.next()).answer(delivered());
    assertEquals(Result.DELIVERED, await(other).result());
    assertFalse(waits.isComplete());
    app.advance(Duration.ofMillis(await(timer)));
    await(service.next()).answer(delivered());
    assertEquals(Result.DELIVERED, await(waits).result());
  }

  @Test
  void whatTheServiceNeverSawGoesAgainAtOnceAndCostsNoAttempt() throws Exception {
    Future<Outcome> outcome = app.deliver(app.call("c"));
    await(service.next()).fail(notSent());
    await(service.next()).answer(delivered());
    assertEquals(1, await(outcome).attempts());
    assertEquals(SamplePush.BORN, app.time.now());
  }

  @Test
  void whatCannotBeHandedOverTwiceWaitsLongerEachTime() throws Exception {
    Future<Outcome> outcome = app.deliver(app.call("c"));
    await(service.next()).fail(notSent());
    for (LongPredicate delay : DELAYS) {
      Future<Long> timer = app.time.untilTimer(delay);
      Attempt attempt = await(service.next());
      attempt.fail(notSent());
      long wait = await(timer);
      int sent = service.sent().size();
      app.settle();
      assertEquals(sent, service.sent().size());
      app.advance(Duration.ofMillis(wait));
    }
    await(service.next()).answer(delivered());
    assertEquals(1, await(outcome).attempts());
  }

  @Test
  void whatTheServiceMayHaveSeenCostsAnAttempt() throws Exception {
    Future<Outcome> outcome = app.deliver(app.call("c"));
    Future<Long> timer = app.time.untilTimer(AppVerticleTest::halfASecond);
    await(service.next()).fail(new IOException("no answer in 10 s"));
    app.advance(Duration.ofMillis(await(timer)));
    await(service.next()).answer(delivered());
    assertEquals(2, await(outcome).attempts());
  }

  @Test
  void aServiceThatThrowsLosesNoPushAndNoPlaceInTheWindow() throws Exception {
    AtomicBoolean thrown = new AtomicBoolean();
    service.script(
        attempt -> {
          if (thrown.compareAndSet(false, true)) {
            throw new IllegalStateException("a bug");
          }
          return Future.succeededFuture(delivered());
        });
    Future<Long> timer = app.time.untilTimer(AppVerticleTest::halfASecond);
    Future<Outcome> outcome = app.deliver(app.call("c"));
    long wait = await(timer);
    assertEquals(Result.DELIVERED, await(app.deliver(app.call("other"))).result());
    app.advance(Duration.ofMillis(wait));
    assertEquals(new Outcome(Result.DELIVERED, said(200, ""), 2), await(outcome));
  }

  @Test
  void aPushThatCannotBeToldIsRefusedAndTheNextIsSent() throws Exception {
    Outcome refused = await(app.deliver(app.call(AppFixture.UNTELLABLE)));
    assertEquals(Result.REFUSED, refused.result());
    assertEquals(500, refused.response().code());
    assertEquals(0, refused.attempts());
    assertTrue(refused.response().reason().contains("nothing to tell"));
    Future<Outcome> next = app.deliver(app.call("c"));
    await(service.next()).answer(delivered());
    assertEquals(Result.DELIVERED, await(next).result());
  }

  @Test
  void toldToWaitBeyondItsDeadlineItEndsAtOnceWithTheLastAnswer() throws Exception {
    Future<Outcome> outcome = app.deliver(app.call("c"));
    await(service.next()).answer(later(CALL));
    Outcome expired = await(outcome);
    assertEquals(Result.EXPIRED, expired.result());
    assertEquals(504, expired.response().code());
    assertEquals(
        "expired before the push service took it; last answer: 503 Busy",
        expired.response().reason());
    assertEquals(said(503, "").body(), expired.response().body());
    assertEquals(said(503, "").url(), expired.response().url());
    assertEquals(1, expired.attempts());
  }

  @Test
  void acceptAnswersAtOnceAndThePushStillGoesOut() throws Exception {
    Push push = app.call("c");
    assertTrue(await(app.accept(push)).isEmpty());
    Attempt attempt = await(service.next());
    assertEquals(push.id(), attempt.push.id());
    Future<Long> timer = app.time.untilTimer(AppVerticleTest::halfASecond);
    attempt.answer(later(null));
    app.advance(Duration.ofMillis(await(timer)));
    await(service.next()).answer(delivered());
    app.settle();
    assertEquals(List.of("c", "c"), service.sent());
  }
}
