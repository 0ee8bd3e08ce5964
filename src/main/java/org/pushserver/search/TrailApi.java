// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.RequestRefused;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.endpoint.Page;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailBusyException;

/** The endpoints of the trail, for both doors. Any event loop. */
public final class TrailApi {
  private static final int BUSY_S = 1;

  private static final String OFF = "The trail is off: set trail = yes in [server] of general.ini";

  private final Trail trail;
  private final CallSearch calls;
  private final PushSearch pushes;
  private final EventFeed events;

  /**
   * For both doors of a server.
   *
   * @param trail null when it is off
   * @param policy says which API keys there are
   * @param time the clock of heartbeats
   */
  public TrailApi(Trail trail, LivePolicy policy, Time time) {
    SearchAccess access = new SearchAccess(policy);
    this.trail = trail;
    this.calls = new CallSearch(trail, access);
    this.pushes = new PushSearch(trail, access);
    this.events = new EventFeed(trail, access, time);
  }

  /** What can be asked for. */
  public List<HttpEndpoint<AdmittedRequest>> endpoints() {
    return List.of(
        page("/v3/calls/{call_id}", calls::answer),
        page("/v3/pushes", pushes::answer),
        page("/v3/events", events::answer));
  }

  /**
   * Tells somebody whom another door has let in of what comes, within the same bounds. Event loop
   * of his connection.
   *
   * @throws RequestRefused when there are too many already
   */
  public void follow(AdmittedRequest request, EventSubscription wanted) {
    events.follow(request, wanted);
  }

  /** Ends those who are told of what comes: without it, closing a door waits for them. */
  public void close() {
    events.close();
  }

  private HttpEndpoint<AdmittedRequest> page(String path, Consumer<AdmittedRequest> handler) {
    return HttpEndpoint.page(
        path,
        Guard.SEARCHER,
        request -> {
          request.context().response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          try {
            if (trail == null) {
              throw RequestRefused.unknownPath(OFF);
            }
            handler.accept(request);
          } catch (RequestRefused refusal) {
            refuse(request.context(), refusal);
          }
        });
  }

  /** Answers when it is there what is to be answered. */
  static void answer(RoutingContext context, Future<Page> answer) {
    answer.onComplete(
        page -> {
          if (!context.response().closed()) {
            Future<Void> unused = page.show(context);
          }
        },
        failure -> failed(context, failure));
  }

  private static void failed(RoutingContext context, Throwable failure) {
    if (context.response().closed()) {
      return;
    }
    if (failure instanceof RequestRefused refusal) {
      refuse(context, refusal);
    } else if (failure instanceof TrailBusyException) {
      refuse(context, RequestRefused.unavailable(failure.getMessage(), BUSY_S));
    } else if (failure instanceof IllegalArgumentException) {
      refuse(context, RequestRefused.badRequest("cursor: it must be the 'next' of an answer"));
    } else {
      context.fail(failure);
    }
  }

  /**
   * Refuses here, and not as a push is refused: that is logged and counted, so that whoever looks
   * after a PBX sees it.
   */
  static void refuse(RoutingContext context, RequestRefused refusal) {
    ApiResponse answer =
        ApiResponse.refused(refusal.status(), refusal.description(), refusal.retryAfter());
    answer.headers().forEach((name, value) -> context.response().putHeader(name, value));
    Buffer body = answer.body();
    new Page(answer.status(), answer.type(), body).answer(context);
  }
}
