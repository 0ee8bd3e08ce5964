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
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushserver.dispatch.Fleet;
import org.pushserver.spi.Time;

/**
 * What the server tells about itself: pages to {@code GET}, for the door or for a door of their
 * own. Immutable; any event loop.
 */
public final class Pages {
  /** No pages: they are elsewhere. */
  public static final Pages NONE = new Pages(Map.of(), Map.of());

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence TEXT =
      HttpHeaders.createOptimized("text/plain; version=0.0.4; charset=utf-8");
  private static final Page ALIVE = new Page(200, JSON, Buffer.buffer("{\"status\":\"live\"}"));
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";

  private final Map<String, Handler<RoutingContext>> byPath;
  private final Map<String, Handler<RoutingContext>> forStrangers;

  private Pages(
      Map<String, Handler<RoutingContext>> byPath,
      Map<String, Handler<RoutingContext>> forStrangers) {
    this.byPath = byPath;
    this.forStrangers = forStrangers;
  }

  /** The pages of a server with this fleet. */
  static Pages of(Vertx vertx, Fleet fleet, Meters meters, ConfigHealth config, Time time) {
    Handler<RoutingContext> live = uncached(ALIVE::answer);
    return new Pages(
        Map.of(
            "/metrics",
            each(() -> metrics(vertx, fleet, meters)),
            LIVE,
            live,
            READY,
            each(() -> Future.succeededFuture(health(fleet, config, time, Health::body)))),
        Map.of(
            LIVE,
            live,
            READY,
            each(() -> Future.succeededFuture(health(fleet, config, time, Health::brief)))));
  }

  private static Page health(
      Fleet fleet, ConfigHealth config, Time time, Function<Health, Buffer> part) {
    Health health =
        Health.of(fleet.statuses(), fleet.disabled(), config, fleet.isClosing(), time.now());
    return new Page(health.ready() ? 200 : 503, JSON, part.apply(health));
  }

  private static Future<Page> metrics(Vertx vertx, Fleet fleet, Meters meters) {
    return fleet
        .snapshots()
        .compose(
            snapshots ->
                vertx.executeBlocking(
                    () -> new Page(200, TEXT, Buffer.buffer(meters.text(snapshots))), false));
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

  /** Gives each path, and what answers who asks for it, to a router. */
  public void each(BiConsumer<String, Handler<RoutingContext>> router) {
    byPath.forEach(router);
  }

  /**
   * What of a page is for everybody, where the rest is only for who may send pushes.
   *
   * @return null when there is nothing for others
   */
  public Handler<RoutingContext> forStrangers(String path) {
    return forStrangers.get(path);
  }
}
