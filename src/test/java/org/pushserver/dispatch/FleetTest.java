// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.dispatch.AppFixture.DRAIN;
import static org.pushserver.dispatch.AppFixture.KEY;
import static org.pushserver.fake.Await.await;
import static org.pushserver.queue.SampleAnswers.delivered;
import static org.pushserver.queue.SampleAnswers.later;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.dispatch.ScriptedService.Attempt;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;

/** Applications that start, do not start, and stop. */
class FleetTest {
  @RegisterExtension private final AppFixture app = new AppFixture(100);
  private final ScriptedService service = app.service;

  private Future<Void> closing() throws Exception {
    Future<Long> bound = app.time.untilTimer(delay -> delay == DRAIN.toMillis());
    Future<Void> closed = app.fleet.close();
    await(bound);
    return closed;
  }

  private static void assertShutDown(Future<Outcome> ended, int attempts) throws Exception {
    Outcome outcome = await(ended);
    assertEquals(Result.ABANDONED, outcome.result());
    assertEquals(503, outcome.response().code());
    assertEquals("the server is shutting down", outcome.response().reason());
    assertEquals(attempts, outcome.attempts());
  }

  private void assertNotRunning() throws Exception {
    Outcome outcome = await(app.deliver(app.call("late")));
    assertEquals(Result.OVERLOADED, outcome.result());
    assertEquals(503, outcome.response().code());
    assertEquals(503, await(app.accept(app.call("late"))).orElseThrow().response().code());
  }

  /** So that the door answers 503 and not 404. */
  private void assertStillKnownButNotRunning() throws Exception {
    assertNotRunning();
    assertTrue(app.fleet.application(KEY).isPresent());
  }

  @Test
  void anApplicationThatRunsIsFoundByItsKey() throws Exception {
    app.start(1);
    assertEquals("phone", app.fleet.application(KEY).orElseThrow().section());
    assertEquals(1, app.fleet.size());
    assertFalse(app.fleet.hasPlatform("pigeon"));
  }

  /** A push service that is called by another name, too. */
  private record Bird(String platform) implements PushServiceProvider {
    @Override
    public Set<String> aliases() {
      return Set.of("bird");
    }

    @Override
    public PushService create(AppConfig config, Consumer<Problem> warnings) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void aPushServiceIsFoundByItsNamesAsLongAsItIsThereOrSomethingRunsByIt() throws Exception {
    app.start(1);
    List<PushServiceProvider> services = List.of(new Bird(KEY.platform()));
    await(app.update(services, PreparedApplications.NONE, Set.of(KEY)));
    assertEquals(KEY.platform(), app.fleet.platform("bird"));
    assertEquals(KEY.platform(), app.fleet.platform(KEY.platform()));
    assertEquals("fish", app.fleet.platform("fish"));
    await(app.update(PreparedApplications.NONE, Set.of(KEY)));
    assertEquals(KEY.platform(), app.fleet.platform("bird"));
    await(app.update(PreparedApplications.NONE, Set.of()));
    assertEquals("bird", app.fleet.platform("bird"));
  }

  @Test
  void anApplicationThatCannotStartIsLeftOutAndItsServiceClosed() throws Exception {
    service.opening(Future.failedFuture("no"));
    app.start(1);
    assertTrue(service.isClosed());
    assertNotRunning();
    assertTrue(app.fleet.application(KEY).isEmpty());
    assertEquals(0, app.fleet.size());
  }

  @Test
  void withNothingToDoItClosesAtOnce() throws Exception {
    app.start(1);
    await(app.fleet.close());
    assertTrue(service.isClosed());
    assertStillKnownButNotRunning();
  }

  @Test
  void closingWaitsForWhatWasAccepted() throws Exception {
    app.start(1);
    Future<Outcome> first = app.deliver(app.call("c1"));
    Future<Outcome> second = app.deliver(app.call("c2"));
    Attempt attempt = await(service.next());
    app.settle();
    Future<Void> closed = closing();
    assertStillKnownButNotRunning();
    attempt.answer(delivered());
    assertEquals(Result.DELIVERED, await(first).result());
    Attempt last = await(service.next());
    assertFalse(closed.isComplete());
    assertFalse(service.isClosed());
    last.answer(delivered());
    await(closed);
    assertEquals(Result.DELIVERED, await(second).result());
    assertTrue(service.isClosed());
  }

  @Test
  void whatIsLeftAfterTheDrainTimeIsAnsweredWhereverItIs() throws Exception {
    app.start(1);
    Future<Outcome> backingOff = app.deliver(app.call("backing off"));
    Future<Long> timer = app.time.untilTimer(delay -> delay == 30_000);
    await(service.next()).answer(later(Duration.ofSeconds(30)));
    await(timer);
    Future<Outcome> inFlight = app.deliver(app.call("in flight"));
    Attempt attempt = await(service.next());
    Future<Outcome> queued = app.deliver(app.call("queued"));
    assertTrue(await(app.accept(app.call("nobody waits"))).isEmpty());
    Future<Void> closed = closing();
    app.time.advance(DRAIN.minusMillis(1));
    app.settle();
    assertFalse(closed.isComplete() || queued.isComplete());
    app.time.advance(Duration.ofMillis(1));
    await(closed);
    assertShutDown(backingOff, 1);
    assertShutDown(inFlight, 1);
    assertShutDown(queued, 0);
    attempt.answer(delivered());
    app.advance(Duration.ofMinutes(2));
    assertEquals(List.of("backing off", "in flight"), service.sent());
    List<String> ends = app.log.lines().stream().filter(l -> l.startsWith("outcome")).toList();
    assertEquals(4, ends.size(), ends::toString);
  }

  private ScriptedService anotherService() {
    return new ScriptedService(app.time);
  }

  @Test
  void aChangedApplicationGoesOnAsBeforeUntilItsNewServiceIsReadyAndTakesAlongWhatWaits()
      throws Exception {
    app.start(1);
    Future<Outcome> inFlight = app.deliver(app.call("in flight"));
    Attempt attempt = await(service.next());
    Future<Outcome> waiting = app.deliver(app.call("waiting"));
    app.settle();
    ScriptedService next = anotherService();
    next.windowAtFirst(0);
    Future<Set<AppKey>> updated = app.update(app.changed(next), Set.of());
    app.settle();
    assertFalse(updated.isComplete());
    next.window(1);
    await(updated);
    Attempt second = await(next.next());
    assertEquals("waiting", second.push.callId());
    assertFalse(service.isClosed());
    attempt.answer(delivered());
    assertEquals(Result.DELIVERED, await(inFlight).result());
    app.settle();
    assertTrue(service.isClosed());
    second.answer(delivered());
    assertEquals(Result.DELIVERED, await(waiting).result());
    assertEquals(2, await(app.fleet.counts(KEY)).accepted());
  }

  @Test
  void aChangeWhoseServiceIsNeverReadyIsMadeAllTheSame() throws Exception {
    app.start(1);
    ScriptedService next = anotherService();
    next.windowAtFirst(0);
    Future<Long> limit = app.time.untilTimer(delay -> delay == 5_000);
    Future<Set<AppKey>> updated = app.update(app.changed(next), Set.of());
    await(limit);
    app.advance(Duration.ofSeconds(5));
    await(updated);
    app.settle();
    assertTrue(service.isClosed());
    assertFalse(next.isClosed());
  }

  @Test
  void aChangeThatCannotBeMadeLeavesEverythingAsItWas() throws Exception {
    app.start(1);
    ScriptedService next = anotherService();
    next.opening(Future.failedFuture("no"));
    await(app.update(app.changed(next), Set.of()));
    assertTrue(next.isClosed());
    assertFalse(service.isClosed());
    service.script(attempt -> Future.succeededFuture(delivered()));
    assertEquals(Result.DELIVERED, await(app.deliver(app.call("c1"))).result());
  }

  @Test
  void aChangeWhoseServiceNeverOpensHoldsUpNothingForLong() throws Exception {
    app.start(1);
    ScriptedService next = anotherService();
    next.opening(Promise.<Void>promise().future());
    Future<Long> limit = app.time.untilTimer(delay -> delay == 10_000);
    Future<Set<AppKey>> updated = app.update(app.changed(next), Set.of());
    await(limit);
    app.advance(Duration.ofSeconds(10));
    assertEquals(Set.of(), await(updated));
    assertTrue(next.isClosed());
    assertFalse(service.isClosed());
  }

  @Test
  void aChangeThatIsBeingMadeWhenItClosesIsGivenUp() throws Exception {
    app.start(1);
    ScriptedService next = anotherService();
    next.windowAtFirst(0);
    Future<Set<AppKey>> updated = app.update(app.changed(next), Set.of());
    app.settle();
    await(app.fleet.close());
    assertEquals(Set.of(), await(updated));
    assertTrue(next.isClosed());
    assertTrue(service.isClosed());
  }

  @Test
  void anApplicationThatStartsWhileTheOthersCloseIsClosedToo() throws Exception {
    Promise<Void> opening = Promise.promise();
    service.opening(opening.future());
    Future<Set<AppKey>> updated = app.update(app.changed(service), Set.of());
    await(app.fleet.close());
    opening.complete();
    assertEquals(Set.of(), await(updated));
    assertTrue(service.isClosed());
    assertEquals(0, app.fleet.size());
  }

  @Test
  void whatHasBeenClosedIsNotChangedAnyMore() throws Exception {
    app.start(1);
    await(app.fleet.close());
    assertTrue(app.update(new PreparedApplications(List.of(), List.of()), Set.of()).failed());
    assertStillKnownButNotRunning();
  }

  @Test
  void anApplicationThatIsKeptNoticesNothing() throws Exception {
    app.start(1);
    await(app.update(new PreparedApplications(List.of(), List.of()), Set.of(KEY)));
    service.script(attempt -> Future.succeededFuture(delivered()));
    assertEquals(Result.DELIVERED, await(app.deliver(app.call("c1"))).result());
    assertFalse(service.isClosed());
  }

  @Test
  void anApplicationThatIsRemovedAnswersWhatWaitsAndEndsWhatIsInFlight() throws Exception {
    app.start(1);
    Future<Outcome> inFlight = app.deliver(app.call("in flight"));
    Attempt attempt = await(service.next());
    Future<Outcome> waiting = app.deliver(app.call("waiting"));
    app.settle();
    await(app.update(new PreparedApplications(List.of(), List.of()), Set.of()));
    assertTrue(app.fleet.application(KEY).isEmpty());
    Outcome abandoned = await(waiting);
    assertEquals(Result.ABANDONED, abandoned.result());
    assertEquals(404, abandoned.response().code());
    attempt.answer(delivered());
    assertEquals(Result.DELIVERED, await(inFlight).result());
    await(app.fleet.close());
    assertTrue(service.isClosed());
  }

  @Test
  void whatARemovedApplicationCannotEndInTimeIsToldWhyToo() throws Exception {
    app.start(1);
    Future<Outcome> inFlight = app.deliver(app.call("in flight"));
    await(service.next());
    Future<Long> bound = app.time.untilTimer(delay -> delay == DRAIN.toMillis());
    await(app.update(new PreparedApplications(List.of(), List.of()), Set.of()));
    await(bound);
    app.advance(DRAIN);
    Outcome abandoned = await(inFlight);
    assertEquals(404, abandoned.response().code());
    assertEquals("the application is no longer configured", abandoned.response().reason());
  }

  @Test
  void whatAVerticleThatStopsHasLeftUnreadIsAnsweredToo() throws Exception {
    app.start(1);
    Promise<Future<Outcome>> late = Promise.promise();
    service
        .context()
        .runOnContext(
            turn -> {
              // The stop has its place before the push, and neither has its turn yet.
              assertFalse(app.fleet.close().failed());
              late.complete(app.handedOver(app.call("late")));
            });
    Outcome outcome = await(await(late.future()));
    assertEquals(Result.OVERLOADED, outcome.result());
    assertEquals(503, outcome.response().code());
    assertEquals(List.of(), service.sent());
  }

  @Test
  void whatIsHandedOverJustAsItClosesIsAnsweredToo() throws Exception {
    app.start(1);
    service.script(attempt -> Future.succeededFuture(delivered()));
    for (int i = 0; i < 50; i++) {
      Future<Outcome> outcome = app.deliver(app.call("c" + i));
      if (i == 25) {
        assertFalse(app.fleet.close().failed());
      }
      assertTrue(List.of(200, 503).contains(await(outcome).response().code()));
    }
  }
}
