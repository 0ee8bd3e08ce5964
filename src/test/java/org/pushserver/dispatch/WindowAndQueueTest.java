// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.dispatch.AppFixture.CALL;
import static org.pushserver.fake.Await.await;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.notSent;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.ScriptedService.Attempt;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/** Many pushes of one application: who waits, who goes first, who is turned away. */
class WindowAndQueueTest {
  private AppFixture app;
  private ScriptedService service;

  private void start(int window, int maxQueue) throws Exception {
    app = new AppFixture(maxQueue);
    service = app.service;
    app.start(window);
  }

  @AfterEach
  void close() throws Exception {
    app.close();
  }

  private static void assertOverloaded(Outcome outcome) {
    assertEquals(Result.OVERLOADED, outcome.result());
    assertEquals(503, outcome.response().code());
    assertEquals(0, outcome.attempts());
  }

  @Test
  void whileTheRouteIsDownPushesWaitAndThenCallsGoFirst() throws Exception {
    start(0, 100);
    service.script(attempt -> Future.succeededFuture(delivered()));
    List<Future<Outcome>> outcomes = new ArrayList<>();
    outcomes.add(app.deliver(app.message("m1")));
    outcomes.add(app.deliver(app.call("c1")));
    outcomes.add(app.deliver(app.message("m2")));
    outcomes.add(app.deliver(app.call("c2")));
    app.settle();
    assertEquals(List.of(), service.sent());
    service.window(1);
    for (Future<Outcome> outcome : outcomes) {
      assertEquals(Result.DELIVERED, await(outcome).result());
    }
    assertEquals(List.of("c1", "c2", "m1", "m2"), service.sent());
  }

  @Test
  void aServiceThatIsDownIsToldWhileACallWaitsAndForHowLong() throws Exception {
    start(0, 100);
    Future<Outcome> message = app.deliver(app.message("m1"));
    app.settle();
    assertEquals(List.of(), service.hurries());
    Future<Outcome> call = app.deliver(app.call("c1"));
    app.settle();
    assertEquals(List.of(64_000L), service.hurries());
    app.advance(Duration.ofSeconds(10));
    service.window(0);
    app.settle();
    assertEquals(List.of(64_000L, 54_000L), service.hurries());
    service.script(attempt -> Future.succeededFuture(delivered()));
    service.window(1);
    assertEquals(Result.DELIVERED, await(call).result());
    assertEquals(Result.DELIVERED, await(message).result());
    assertEquals(2, service.hurries().size());
  }

  @Test
  void aServiceThatIsMerelyBusyIsNotHurried() throws Exception {
    start(1, 100);
    Future<Outcome> first = app.deliver(app.call("c1"));
    Future<Outcome> second = app.deliver(app.call("c2"));
    await(service.next()).answer(delivered());
    await(service.next()).answer(delivered());
    await(Future.all(first, second));
    assertEquals(List.of(), service.hurries());
  }

  @Test
  void whoWasNeverSentIsToldWhyTheServiceCouldNotBeReached() throws Exception {
    start(0, 100);
    Future<Outcome> call = app.deliver(app.call("c1"));
    app.settle();
    app.advance(AppFixture.CALL);
    assertEquals(
        "expired before the push service took it; scripted", await(call).response().reason());
  }

  @Test
  void whoWasSentInVainIsToldWhatCameOfIt() throws Exception {
    start(1, 100);
    service.script(attempt -> Future.failedFuture(new IllegalStateException("no answer from x")));
    Future<Outcome> call = app.deliver(app.call("c1"));
    app.settle();
    while (!call.isComplete()) {
      app.advance(Duration.ofSeconds(1));
    }
    assertEquals(
        "expired before the push service took it; no answer from x",
        await(call).response().reason());
  }

  @Test
  void whatARouteThatBreaksDidNotTakeWaitsForTheNextOneInItsOldPlace() throws Exception {
    start(2, 100);
    Future<Outcome> first = app.deliver(app.call("c1"));
    Future<Outcome> second = app.deliver(app.call("c2"));
    Future<Outcome> third = app.deliver(app.call("c3"));
    Attempt one = await(service.next());
    Attempt two = await(service.next());
    service.window(0);
    two.fail(notSent());
    one.fail(notSent());
    app.settle();
    assertEquals(List.of("c1", "c2"), service.sent());
    service.script(attempt -> Future.succeededFuture(delivered()));
    service.window(1);
    for (Future<Outcome> outcome : List.of(first, second, third)) {
      assertEquals(1, await(outcome).attempts());
    }
    assertEquals(List.of("c1", "c2", "c1", "c2", "c3"), service.sent());
  }

  @Test
  void theWindowIsUsedAndNeverExceededAlsoWhenItShrinks() throws Exception {
    start(3, 100);
    List<Future<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      outcomes.add(app.deliver(app.call("c" + i)));
    }
    app.settle();
    assertEquals(3, service.inFlight());
    service.window(1);
    await(service.next()).answer(delivered());
    await(service.next()).answer(delivered());
    app.settle();
    assertEquals(3, service.sent().size());
    await(service.next()).answer(delivered());
    app.settle();
    assertEquals(4, service.sent().size());
    service.window(5);
    app.settle();
    assertEquals(5, service.inFlight());
    for (int i = 3; i < 10; i++) {
      await(service.next()).answer(delivered());
    }
    for (Future<Outcome> outcome : outcomes) {
      assertEquals(Result.DELIVERED, await(outcome).result());
    }
  }

  @Test
  void aServiceThatAnswersWhileItIsAskedDoesNotExhaustTheStack() throws Exception {
    start(0, 100_000);
    service.script(attempt -> Future.succeededFuture(delivered()));
    for (int i = 0; i < 9_999; i++) {
      assertFalse(app.accept(app.call("c" + i)).failed());
    }
    Future<Outcome> last = app.deliver(app.call("last"));
    app.settle();
    service.window(1);
    assertEquals(Result.DELIVERED, await(last).result());
    assertEquals(10_000, service.sent().size());
  }

  @Test
  void whatExpiresWhileItWaitsIsAnsweredThenAndNeverSent() throws Exception {
    start(0, 100);
    Future<Outcome> call = app.deliver(app.call("call"));
    Future<Outcome> message = app.deliver(app.message("message"));
    app.settle();
    app.advance(CALL.minusMillis(1));
    assertFalse(call.isComplete());
    app.advance(Duration.ofMillis(1));
    Outcome expired = await(call);
    assertEquals(Result.EXPIRED, expired.result());
    assertEquals(504, expired.response().code());
    assertEquals(0, expired.attempts());
    assertFalse(message.isComplete());
    service.window(1);
    await(service.next()).answer(delivered());
    assertEquals(Result.DELIVERED, await(message).result());
    assertEquals(List.of("message"), service.sent());
  }

  @Test
  void whatComesAfterItsDeadlineIsNeverSent() throws Exception {
    start(1, 100);
    Future<Outcome> outcome = app.deliver(app.push(app.call("").event(), "c", Duration.ZERO));
    assertEquals(Result.EXPIRED, await(outcome).result());
    assertEquals(List.of(), service.sent());
  }

  @Test
  void aQueueFourFifthsFullRefusesMessagesAndAFullOneCallsToo() throws Exception {
    start(0, 10);
    List<Future<Outcome>> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      held.add(app.deliver(app.message("m" + i)));
    }
    assertOverloaded(await(app.deliver(app.message("m8"))));
    assertOverloaded(await(app.accept(app.message("m9"))).orElseThrow());
    held.add(app.deliver(app.call("c0")));
    assertTrue(await(app.accept(app.call("c1"))).isEmpty());
    assertOverloaded(await(app.deliver(app.call("c2"))));
    assertOverloaded(await(app.accept(app.call("c3"))).orElseThrow());
    service.script(attempt -> Future.succeededFuture(delivered()));
    service.window(1);
    for (Future<Outcome> outcome : held) {
      assertEquals(Result.DELIVERED, await(outcome).result());
    }
    assertEquals(10, service.sent().size());
    assertEquals(Result.DELIVERED, await(app.deliver(app.message("m10"))).result());
  }

  @Test
  void whatIsInFlightCountsAsHeld() throws Exception {
    start(1, 1);
    Future<Outcome> held = app.deliver(app.call("c0"));
    Attempt attempt = await(service.next());
    assertOverloaded(await(app.deliver(app.call("c1"))));
    attempt.answer(delivered());
    assertEquals(Result.DELIVERED, await(held).result());
  }
}
