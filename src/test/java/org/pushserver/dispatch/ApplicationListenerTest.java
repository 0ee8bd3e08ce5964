// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.dispatch.AppFixture.KEY;
import static org.pushserver.fake.Await.await;
import static org.pushserver.queue.SampleAnswers.delivered;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.dispatch.ScriptedService.Attempt;
import org.pushserver.events.ApplicationListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.PushCounts;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Time;

/** Who is told of an application's pushes, and when. */
class ApplicationListenerTest {
  /** Writes down what it is told. */
  private static final class Notes implements ApplicationListener {
    private final List<String> notes = new CopyOnWriteArrayList<>();

    @Override
    public void open(Vertx vertx, Time time) {
      notes.add("open");
    }

    @Override
    public void joined(Push push, Push same) {
      notes.add("joined " + push.callId());
    }

    @Override
    public void attempted(Push push, org.pushserver.events.Attempt attempt) {
      notes.add("attempted " + push.callId());
    }

    @Override
    public void ended(Push push, Outcome outcome, long now) {
      notes.add(outcome.result() + " " + push.callId());
    }

    @Override
    public Future<Void> close() {
      notes.add("close");
      return Future.succeededFuture();
    }
  }

  @RegisterExtension private final AppFixture app = new AppFixture(100);
  private final ScriptedService service = app.service;

  @Test
  void aChangedApplicationBringsItsListenerWhichIsToldUntilItIsChangedAgain() throws Exception {
    app.start(2);
    Notes first = new Notes();
    Notes second = new Notes();
    await(app.update(app.changed(openService(), first), Set.of()));
    await(app.deliver(app.call("c1")));
    await(app.update(app.changed(openService(), second), Set.of()));
    await(app.deliver(app.call("c2")));
    await(app.fleet.close());
    assertEquals(List.of("open", "attempted c1", "DELIVERED c1", "close"), first.notes);
    assertEquals(List.of("open", "attempted c2", "DELIVERED c2", "close"), second.notes);
  }

  private ScriptedService openService() {
    ScriptedService next = new ScriptedService(app.time);
    next.windowAtFirst(2);
    next.script(attempt -> Future.succeededFuture(delivered()));
    return next;
  }

  @Test
  void itIsToldOfEqualRequestsToo() throws Exception {
    app.start(1);
    Notes notes = new Notes();
    ScriptedService next = new ScriptedService(app.time);
    next.windowAtFirst(1);
    await(app.update(app.changed(next, notes), Set.of()));
    Future<Outcome> one = app.deliver(app.call("c1"));
    Attempt attempt = await(next.next());
    Future<Outcome> same = app.deliver(app.call("c1"));
    app.settle();
    attempt.answer(delivered());
    await(one);
    await(same);
    app.settle();
    assertEquals(List.of("open", "joined c1", "attempted c1", "DELIVERED c1"), notes.notes);
  }

  /** Throws whatever it is asked. */
  private static final class Spoiler implements ApplicationListener {
    private static AssertionError thrown() {
      return new AssertionError("of a test");
    }

    @Override
    public void open(Vertx vertx, Time time) {
      throw thrown();
    }

    @Override
    public Future<Void> close() {
      throw thrown();
    }
  }

  /** Opens, and then throws whatever it is told. */
  private static final class Complainer implements ApplicationListener {
    @Override
    public void accepted(Push push, boolean isAwaited) {
      throw new IllegalStateException("accepted");
    }

    @Override
    public void joined(Push push, Push same) {
      throw new IllegalStateException("joined");
    }

    @Override
    public void attempted(Push push, org.pushserver.events.Attempt attempt) {
      throw new IllegalStateException("attempted");
    }

    @Override
    public void ended(Push push, Outcome outcome, long now) {
      throw new IllegalStateException("ended");
    }

    @Override
    public void stands(Condition condition) {
      throw new IllegalStateException("stands");
    }
  }

  @Test
  void whateverListensThrowsEveryCallerIsToldAndTheSumIsRight() throws Exception {
    app.start(1);
    ScriptedService next = new ScriptedService(app.time);
    next.windowAtFirst(1);
    await(app.update(app.changed(next, new Complainer()), Set.of()));
    Future<Outcome> one = app.deliver(app.call("c1"));
    Attempt attempt = await(next.next());
    Future<Outcome> same = app.deliver(app.call("c1"));
    app.settle();
    attempt.answer(delivered());
    assertEquals(Outcome.Result.DELIVERED, await(one).result());
    assertEquals(Outcome.Result.DELIVERED, await(same).result());
    PushCounts counts = await(app.fleet.counts(KEY));
    assertTrue(counts.balances(), counts::toString);
    assertEquals(2, counts.accepted());
  }

  @Test
  void aListenerThatCannotBeginIsLeftOutOfAChangeThatIsMadeWhole() throws Exception {
    app.start(2);
    Notes first = new Notes();
    await(app.update(app.changed(openService(), first), Set.of()));
    ScriptedService next = openService();
    assertEquals(Set.of(KEY), await(app.update(app.changed(next, new Spoiler()), Set.of())));
    await(app.fleet.settled());
    await(app.deliver(app.call("c1")));
    assertEquals(List.of("c1"), next.sent());
    assertEquals(List.of("open", "close"), first.notes);
    // And what cannot end does not keep the others.
    await(app.update(app.changed(openService()), Set.of()));
    await(app.fleet.settled());
    await(app.fleet.close());
    assertTrue(next.isClosed());
  }

  @Test
  void anApplicationStartsWithoutAListenerThatCannotBegin() throws Exception {
    ScriptedService next = openService();
    assertEquals(Set.of(KEY), await(app.update(app.changed(next, new Spoiler()), Set.of())));
    assertEquals(Outcome.Result.DELIVERED, await(app.deliver(app.call("c1"))).result());
  }

  @Test
  void anApplicationThatCannotStartEndsItsListenerToo() throws Exception {
    Notes notes = new Notes();
    ScriptedService next = openService();
    next.opening(Future.failedFuture("no"));
    assertEquals(Set.of(), await(app.update(app.changed(next, notes), Set.of())));
    assertEquals(List.of("open", "close"), notes.notes);
  }

  @Test
  void aChangeThatCannotBeMadeEndsItsListenerToo() throws Exception {
    app.start(2);
    Notes notes = new Notes();
    ScriptedService next = openService();
    next.opening(Future.failedFuture("no"));
    assertEquals(Set.of(), await(app.update(app.changed(next, notes), Set.of())));
    assertEquals(List.of("close"), notes.notes);
  }

  @Test
  void everyEndIsPublishedOnTheBusForThoseWhoListen() throws Exception {
    app.start(1);
    service.script(attempt -> Future.succeededFuture(delivered()));
    await(app.deliver(app.call("nobody listens")));
    // Its caller hears of it before all others do.
    app.settle();
    Promise<JsonObject> first = Promise.promise();
    Promise<JsonObject> second = Promise.promise();
    await(
        app.bus()
            .<JsonObject>consumer("pushserver.results", m -> first.tryComplete(m.body()))
            .completion());
    await(
        app.bus()
            .<JsonObject>consumer("pushserver.results", m -> second.tryComplete(m.body()))
            .completion());
    Push push = app.call("c1");
    await(app.deliver(push));
    JsonObject expected =
        new JsonObject()
            .put("version", 1)
            .put("id", push.id().toString())
            .put("call_id", "c1")
            .put("app_id", KEY.appId())
            .put("platform", KEY.platform())
            .put("event", "incoming_session")
            .putNull("device_id")
            .put("token", push.device().token())
            .put("result", "DELIVERED")
            .put("code", 200)
            .put("reason", "")
            .put("url", "https://push.example.com/3")
            .put("attempts", 1)
            .put("born_at", push.bornAt())
            .put("ended_at", app.time.now());
    assertEquals(expected, await(first.future()));
    assertEquals(expected, await(second.future()));
  }
}
