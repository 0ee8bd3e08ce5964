// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.BiConsumer;
import org.pushserver.dispatch.Fleet;
import org.pushserver.spi.Time;

/**
 * What the server tells about itself: pages to {@code GET}, for the door or for a door of their
 * own. Immutable; any event loop.
 */
public final class Pages {
  /** No pages: they are elsewhere. */
  public static final Pages NONE = new Pages(Map.of());

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence TEXT =
      HttpHeaders.createOptimized("text/plain; version=0.0.4; charset=utf-8");
  private static final Buffer ALIVE = Buffer.buffer("{\"status\":\"live\"}");

  private final Map<String, Handler<RoutingContext>> byPath;

  private Pages(Map<String, Handler<RoutingContext>> byPath) {
    this.byPath = byPath;
  }

  /** The pages of a server with this fleet. */
  static Pages of(Fleet fleet, Meters meters, ConfigHealth config, Time time) {
    return new Pages(
        Map.of(
            "/metrics",
            context -> metrics(context, fleet, meters),
            "/health/live",
            context -> answer(context, 200, JSON, ALIVE),
            "/health/ready",
            context -> {
              Health health =
                  Health.of(
                      fleet.statuses(), fleet.disabled(), config, fleet.isClosing(), time.now());
              answer(context, health.ready() ? 200 : 503, JSON, health.body());
            }));
  }

  private static void metrics(RoutingContext context, Fleet fleet, Meters meters) {
    fleet
        .readings()
        .compose(readings -> context.vertx().executeBlocking(() -> meters.text(readings), false))
        .onSuccess(text -> answer(context, 200, TEXT, Buffer.buffer(text)))
        .onFailure(context::fail);
  }

  private static void answer(RoutingContext context, int status, CharSequence type, Buffer body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body);
  }

  /** Gives each path, and what answers a {@code GET} of it, to a router. */
  public void each(BiConsumer<String, Handler<RoutingContext>> router) {
    byPath.forEach(router);
  }
}
