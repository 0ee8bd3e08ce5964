// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.pushserver.fake.ManualTime;
import org.pushserver.route.RouteOptions.Identity;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.Target;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Time;

/** A route on an event loop of its own, driven from a test's thread. */
final class RouteFixture {
  private record Wait(IntPredicate window, Promise<Integer> met) {}

  private final Context context;
  private final Route route;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final List<Wait> waits = new CopyOnWriteArrayList<>();

  RouteFixture(RouteOptions options, Vertx vertx, Time time) {
    context = vertx.getOrCreateContext();
    route = new Route(options, vertx, time, this::check);
    // As an application's verticle does: nothing must be left when the event loops end.
    ((VertxInternal) vertx).addCloseHook(closed -> start(route::close).onComplete(closed));
  }

  /** One with the transport of a server. */
  static Vertx vertx() {
    return Vertx.builder().withTransport(GatheringTransport.create()).build();
  }

  private void check() {
    List<Wait> met = waits.stream().filter(wait -> wait.window().test(route.window())).toList();
    waits.removeAll(met);
    met.forEach(wait -> wait.met().tryComplete(route.window()));
  }

  /** Does something on the route's event loop. */
  <T> Future<T> start(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(turn -> action.get().onComplete(promise));
    return promise.future();
  }

  /** Opens the route and waits for its first connection. */
  void open() throws Exception {
    run(route::open);
    untilWindow(window -> window > 0);
  }

  void run(Runnable action) throws Exception {
    await(
        start(
            () -> {
              action.run();
              return Future.succeededFuture();
            }));
  }

  Route route() {
    return route;
  }

  int window() throws Exception {
    return await(start(() -> Future.succeededFuture(route.window())));
  }

  /** The requests that the caller still waits for. */
  int inFlight() {
    return inFlight.get();
  }

  Condition condition() throws Exception {
    return await(start(() -> Future.succeededFuture(route.condition())));
  }

  String problem() throws Exception {
    return condition().reason();
  }

  /** Lets time pass, and waits until what fell due has been done. */
  void advance(ManualTime time, Duration duration) throws Exception {
    time.advance(duration);
    run(() -> {});
  }

  /** A peer on this machine that speaks HTTP/2. */
  static RouteOptions options(int port, PemTrustOptions ca, WhenIdle whenIdle, Limits limits) {
    return new RouteOptions(
        "app",
        new Target("localhost", port, Protocol.HTTP2),
        new Identity(ca, null),
        whenIdle,
        limits);
  }

  void untilInFlight(int count) throws Exception {
    untilWindow(window -> inFlight.get() == count);
  }

  void untilConnectionIsUsed(long connection) throws Exception {
    untilWindow(window -> route.uses(connection));
  }

  /** Waits until the window is as wanted. */
  void untilWindow(IntPredicate wanted) throws Exception {
    await(windowIs(wanted));
  }

  Future<Integer> windowIs(IntPredicate wanted) {
    return start(
        () -> {
          Wait wait = new Wait(wanted, Promise.promise());
          waits.add(wait);
          check();
          return wait.met().future();
        });
  }

  Future<Reply> post(String path) {
    return start(() -> postNow(path));
  }

  /** On the route's event loop already. */
  Future<Reply> postNow(String path) {
    int unused = inFlight.incrementAndGet();
    return route
        .post(path, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer("{}"))
        .onComplete(
            ended -> {
              inFlight.decrementAndGet();
              context.runOnContext(turn -> check());
            });
  }

  void later(Runnable action) {
    context.runOnContext(turn -> action.run());
  }
}
