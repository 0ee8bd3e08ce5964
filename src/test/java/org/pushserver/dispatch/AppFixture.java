// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.audit.PushLog;
import org.pushserver.events.Application;
import org.pushserver.events.ApplicationListener;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.SamplePush;
import org.pushserver.sylk.SylkApplication;

/**
 * One application in a fleet, with time moved by hand and a scripted push service, driven from a
 * test's thread. Pushes come from an event loop of their own, as in earnest.
 */
final class AppFixture implements AfterEachCallback {
  static final AppKey KEY = new AppKey("com.example.phone", AppKey.APPLE);
  static final Duration CALL = SampleAnswers.CALL;
  static final Duration DRAIN = Duration.ofSeconds(15);

  /** No notification can be made of a push whose call-id begins so. */
  static final String UNTELLABLE = "untellable";

  final ManualTime time = new ManualTime(SamplePush.BORN);
  final ScriptedService service = new ScriptedService(time);
  final LogTrail log = new LogTrail();
  final Fleet fleet;

  private final Vertx vertx = Vertx.vertx();
  private final Context caller = vertx.getOrCreateContext();
  private final PreparedApplications prepared;
  private final int maxQueue;

  AppFixture(int maxQueue) {
    this(maxQueue, PushStore.IN_MEMORY);
  }

  AppFixture(int maxQueue, PushStore store) {
    this.maxQueue = maxQueue;
    prepared =
        new PreparedApplications(
            List.of(
                new ApplicationParts(
                    application(maxQueue), AppFixture::payload, service, ApplicationListener.NONE)),
            List.of());
    fleet =
        new Fleet(
            vertx,
            time,
            new PushLog(time),
            DRAIN,
            new QueueMemory(Long.MAX_VALUE),
            store,
            RepeatGuard.NEVER,
            "pushserver.results");
  }

  static Application application(int maxQueue) {
    return new Application(KEY, "phone", new SylkApplication(), SampleAnswers.delivery(maxQueue));
  }

  private static Payload payload(Push push, long now) {
    if (push.callId().startsWith(UNTELLABLE)) {
      throw new IllegalArgumentException("nothing to tell");
    }
    return SampleAnswers.PAYLOAD;
  }

  /** A started application with room for many pushes and a window of this size. */
  static AppFixture started(int window) {
    AppFixture fixture = new AppFixture(100_000);
    fixture.start(window);
    return fixture;
  }

  void start(int window) {
    service.windowAtFirst(window);
    await(update(prepared, Set.of()));
  }

  /** The application as a changed configuration would make it, with another push service. */
  PreparedApplications changed(ScriptedService next) {
    return changed(next, ApplicationListener.NONE);
  }

  /** The same with somebody who is told of its pushes. */
  PreparedApplications changed(ScriptedService next, ApplicationListener applicationListener) {
    return new PreparedApplications(
        List.of(
            new ApplicationParts(
                application(maxQueue), AppFixture::payload, next, applicationListener)),
        List.of());
  }

  /** The bus that all is told on. */
  EventBus bus() {
    return vertx.eventBus();
  }

  Future<Set<AppKey>> update(PreparedApplications changed, Set<AppKey> kept) {
    return update(List.of(), changed, kept);
  }

  /** With these push services and no others. */
  Future<Set<AppKey>> update(
      List<PushServiceProvider> services, PreparedApplications changed, Set<AppKey> kept) {
    return fleet.update(new Catalog(List.of(), services), changed, kept);
  }

  @Override
  public void afterEach(ExtensionContext test) {
    close();
  }

  /** Ends everything, and fails when the verticle broke a promise to its service. */
  void close() {
    log.close();
    await(vertx.close());
    assertEquals(List.of(), service.broken());
  }

  Push push(Event event, String callId, Duration life) {
    Push sample =
        SamplePush.of(event).callId(callId).bornAt(time.now()).life(life.toMillis()).push();
    return new Push(
        UUID.randomUUID(),
        sample.app(),
        sample.device(),
        sample.event(),
        sample.callId(),
        sample.details(),
        sample.bornAt(),
        sample.deadline());
  }

  Push call(String callId) {
    return push(Event.INCOMING_SESSION, callId, CALL);
  }

  Push message(String callId) {
    return push(Event.MESSAGE, callId, Duration.ofHours(2));
  }

  Future<Outcome> deliver(Push push) {
    return onCaller(() -> fleet.deliver(push));
  }

  /** Waits until the push is on its way to the verticle, though that may not have looked yet. */
  Future<Outcome> handedOver(Push push) {
    Future<Outcome> outcome = deliver(push);
    try {
      await(pass(caller));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return outcome;
  }

  Future<Optional<Outcome>> accept(Push push) {
    return onCaller(() -> fleet.accept(push));
  }

  <T> Future<T> onCaller(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    caller.runOnContext(turn -> action.get().onComplete(promise));
    return promise.future();
  }

  /** Waits until what was begun has come as far as it can by itself. */
  void settle() throws Exception {
    await(pass(caller));
    await(pass(service.context()));
    await(pass(caller));
  }

  private static Future<Void> pass(Context context) {
    Promise<Void> promise = Promise.promise();
    context.runOnContext(turn -> promise.complete());
    return promise.future();
  }

  void advance(Duration duration) throws Exception {
    settle();
    await(time.advanceInTurn(duration));
    settle();
  }
}
