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
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.endpoint.Page;

/**
 * What the server tells about itself: pages for the main door, or for a door of their own. Any
 * event loop.
 */
final class Pages {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence TEXT =
      HttpHeaders.createOptimized("text/plain; version=0.0.4; charset=utf-8");
  private static final Page ALIVE = new Page(200, JSON, Buffer.buffer("{\"status\":\"live\"}"));

  /** What the metrics of an application take, with one event, in bytes. */
  private static final int FOR_EACH = 11_000;

  /** What is not of an application takes as much as so many. */
  private static final int FOR_OTHERS = 5;

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

  private static Future<Page> metrics(
      Vertx vertx, RunningApplications applications, Meters meters) {
    return applications
        .snapshots()
        .compose(
            snapshots ->
                vertx.executeBlocking(() -> new Page(200, TEXT, text(meters, snapshots)), false));
  }

  /** Written once: as a text it would be there three times before it is on its way. */
  private static Buffer text(Meters meters, List<ApplicationSnapshot> snapshots)
      throws IOException {
    Buffer text = Buffer.buffer(FOR_EACH * (snapshots.size() + FOR_OTHERS));
    meters.write(
        snapshots,
        new OutputStream() {
          @Override
          public void write(int one) {
            text.appendByte((byte) one);
          }

          @Override
          public void write(byte[] bytes, int from, int count) {
            text.appendBytes(bytes, from, count);
          }
        });
    return text;
  }

  /** A page that is as new as its readers are quick. */
  private static Handler<RoutingContext> each(Supplier<Future<Page>> press) {
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

  private static Future<Void> show(RoutingContext context, Page page, Throwable failure) {
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
