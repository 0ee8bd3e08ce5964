// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.endpoint.PackedPage;
import org.pushserver.endpoint.Page;
import org.pushserver.endpoint.Shown;

/**
 * What the server tells about itself: pages for the main door, or for a door of their own. Any
 * event loop.
 */
final class Pages {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence TEXT =
      HttpHeaders.createOptimized("text/plain; version=0.0.4; charset=utf-8");
  private static final Page ALIVE = new Page(200, JSON, Buffer.buffer("{\"status\":\"live\"}"));

  private Pages() {}

  /** The pages of a server with these applications. */
  static List<HttpEndpoint<AdmittedRequest>> of(
      Vertx vertx, RunningApplications applications, Meters meters, Readiness readiness) {
    Handler<RoutingContext> ready =
        each(() -> Future.succeededFuture(health(readiness, Health::body)));
    Handler<RoutingContext> brief =
        each(() -> Future.succeededFuture(health(readiness, Health::brief)));
    return List.of(
        page("/metrics", Guard.READER, each(() -> metrics(vertx, applications, meters))),
        HttpEndpoint.page(
            "/health/ready",
            Guard.READER_OR_STRANGER,
            request -> (request.isStranger() ? brief : ready).handle(request.context())),
        page("/health/live", Guard.ADDRESS, uncached(ALIVE::answer)));
  }

  private static HttpEndpoint<AdmittedRequest> page(
      String path, Guard guard, Handler<RoutingContext> page) {
    return HttpEndpoint.page(path, guard, request -> page.handle(request.context()));
  }

  private static Page health(Readiness readiness, Function<Health, Buffer> part) {
    Health health = readiness.now();
    return new Page(health.ready() ? 200 : 503, JSON, part.apply(health));
  }

  /** Written and packed on a worker thread: of a thousand applications that takes a while. */
  private static Future<PackedPage> metrics(
      Vertx vertx, RunningApplications applications, Meters meters) {
    return applications
        .snapshots()
        .compose(
            snapshots ->
                vertx.executeBlocking(
                    () -> PackedPage.of(TEXT, out -> meters.write(snapshots, out)), false));
  }

  /** A page that is as new as its readers are quick. */
  private static Handler<RoutingContext> each(Supplier<Future<? extends Shown>> press) {
    Editions editions = new Editions(press);
    return uncached(
        context -> {
          Editions.Edition edition = editions.take();
          Context here = context.vertx().getOrCreateContext();
          edition
              .page()
              .transform(made -> on(here, () -> show(context, made.result(), made.cause())))
              .onComplete(read -> editions.giveBack(edition));
        });
  }

  private static Future<Void> show(RoutingContext context, Shown page, Throwable failure) {
    if (page == null) {
      context.fail(failure);
      return Future.succeededFuture();
    }
    return page.show(context);
  }

  /** An edition may have been made for a reader on another event loop. */
  private static Future<Void> on(Context context, Supplier<Future<Void>> work) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        go -> {
          try {
            work.get().onComplete(done);
          } catch (RuntimeException e) {
            // The reader has gone; the edition must come back all the same.
            done.fail(e);
          }
        });
    return done.future();
  }

  private static Handler<RoutingContext> uncached(Handler<RoutingContext> page) {
    return context -> {
      context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
      page.handle(context);
    };
  }
}
