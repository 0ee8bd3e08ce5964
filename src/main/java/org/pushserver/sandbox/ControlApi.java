// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushserver.cli.Version;

/**
 * What arrived, as JSON and as a page, and switching faults on: plain HTTP on loopback. One event
 * loop.
 */
final class ControlApi {
  private static final int MAX_BODY = 64 * 1024;
  private static final long DEFAULT_WAIT_S = 30;
  private static final long MAX_WAIT_S = 300;

  private final Vertx vertx;
  private final Journal journal;
  private final Faults faults;
  private final Recorder recorder;
  private HttpServer server;

  ControlApi(Vertx vertx, Journal journal, Faults faults, Recorder recorder) {
    this.vertx = vertx;
    this.journal = journal;
    this.faults = faults;
    this.recorder = recorder;
  }

  /** Completes when clients can connect. */
  Future<Void> open(int port) {
    Router router = Router.router(vertx);
    router.get("/").handler(SandboxPage::orElse).handler(this::welcome);
    router.get("/notifications").handler(this::list);
    router.delete("/notifications").handler(this::clear);
    router.get("/notifications/next").handler(this::next);
    router.get("/faults").handler(this::faults);
    router.post("/faults").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
    router.post("/faults").handler(this::addFault);
    router.delete("/faults").handler(this::clearFaults);
    for (int status : List.of(404, 405, 413)) {
      router.errorHandler(status, context -> refuse(context, status, "see GET /"));
    }
    server = vertx.createHttpServer(new HttpServerOptions());
    return server.requestHandler(router).listen(port, "127.0.0.1").mapEmpty();
  }

  /** The port it listens on. */
  int port() {
    return server.actualPort();
  }

  private void welcome(RoutingContext context) {
    JsonObject counts = new JsonObject();
    for (Service service : List.of(Service.APNS, Service.FCM)) {
      counts.put(
          service.wireName(),
          new JsonObject()
              .put("accepted", journal.accepted(service))
              .put("refused", journal.refused(service)));
    }
    counts.put("oauth", new JsonObject().put("requests", recorder.tokenRequests()));
    JsonArray calls =
        new JsonArray()
            .add("GET /notifications?after=SEQ&limit=N")
            .add("DELETE /notifications")
            .add("GET /notifications/next?after=SEQ&timeout=SECONDS")
            .add("GET /faults")
            .add("POST /faults")
            .add("DELETE /faults");
    answer(
        context,
        200,
        new JsonObject()
            .put(
                "what", "Pushserver sandbox: stand-ins for APNs and FCM; open it in a browser, too")
            .put("version", Version.current())
            .put("counts", counts)
            .put("calls", calls));
  }

  private void list(RoutingContext context) {
    try {
      List<Notification> kept = journal.list(number(context, "after", 0, Long.MAX_VALUE));
      long limit = number(context, "limit", Journal.KEPT, Journal.KEPT);
      JsonArray shown = new JsonArray();
      kept.stream().limit(limit).map(Notification::toJson).forEach(shown::add);
      long total = 0;
      for (Service service : Service.values()) {
        total += journal.accepted(service) + journal.refused(service);
      }
      answer(
          context,
          200,
          new JsonObject()
              .put("total", total)
              .put("last", journal.last())
              .put("notifications", shown));
    } catch (IllegalArgumentException e) {
      refuse(context, 400, e.getMessage());
    }
  }

  private void clear(RoutingContext context) {
    journal.clear();
    answer(context, 200, new JsonObject().put("last", journal.last()));
  }

  private void next(RoutingContext context) {
    try {
      long after = number(context, "after", journal.last(), Long.MAX_VALUE);
      long wait = number(context, "timeout", DEFAULT_WAIT_S, MAX_WAIT_S);
      Future<Notification> next = journal.next(after);
      context.response().closeHandler(closed -> journal.forget(next));
      if (wait == 0 && !next.isComplete()) {
        journal.forget(next);
        context.response().setStatusCode(204).end();
        return;
      }
      (wait == 0 ? next : next.timeout(wait, TimeUnit.SECONDS))
          .onSuccess(notification -> answer(context, 200, notification.toJson()))
          .onFailure(failure -> none(context, next, failure));
    } catch (IllegalArgumentException e) {
      refuse(context, 400, e.getMessage());
    }
  }

  private void none(RoutingContext context, Future<Notification> next, Throwable failure) {
    journal.forget(next);
    if (failure instanceof TimeoutException) {
      context.response().setStatusCode(204).end();
    } else {
      refuse(context, 503, failure.getMessage());
    }
  }

  private void faults(RoutingContext context) {
    JsonArray shown = new JsonArray();
    faults.list().stream().map(Fault::toJson).forEach(shown::add);
    answer(context, 200, new JsonObject().put("faults", shown));
  }

  private void addFault(RoutingContext context) {
    try {
      Fault fault =
          Optional.ofNullable(context.body().buffer())
              .flatMap(Payloads::object)
              .map(Fault::fromJson)
              .orElseThrow(() -> new IllegalArgumentException("the body must be a JSON object"));
      faults.add(fault);
      faults(context);
    } catch (IllegalArgumentException e) {
      refuse(context, 400, e.getMessage());
    }
  }

  private void clearFaults(RoutingContext context) {
    faults.clear();
    faults(context);
  }

  private static long number(RoutingContext context, String name, long absent, long most) {
    String text = context.request().getParam(name);
    if (text == null) {
      return absent;
    }
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException(name + " must be a number, 0 or more: " + text);
    }
    return Math.min(Long.parseLong(text), most);
  }

  private static void refuse(RoutingContext context, int status, String message) {
    answer(context, status, new JsonObject().put("error", message));
  }

  private static void answer(RoutingContext context, int status, JsonObject body) {
    if (!context.response().ended() && !context.response().closed()) {
      context
          .response()
          .setStatusCode(status)
          .putHeader("content-type", "application/json")
          .end(body.encode() + "\n");
    }
  }
}
