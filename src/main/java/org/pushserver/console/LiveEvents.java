// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.pushserver.api.RequestRefused;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.search.EventSubscription;
import org.pushserver.search.TrailApi;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the live page is told while it is open: the rows of pushes as they end, made as those of the
 * page are. Event loops.
 */
final class LiveEvents {
  private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);
  private static final String ROW = "row";

  private final Vertx vertx;
  private final Console.Sources sources;
  private final TrailApi api;
  private final ConsoleAccess access;
  private final HtmlTemplates templates;

  LiveEvents(
      Vertx vertx,
      Console.Sources sources,
      TrailApi api,
      ConsoleAccess access,
      HtmlTemplates templates) {
    this.vertx = vertx;
    this.sources = sources;
    this.api = api;
    this.access = access;
    this.templates = templates;
  }

  /** Tells of them for as long as the reader may see them. */
  void tell(AdmittedRequest request) {
    RoutingContext context = request.context();
    ConsoleReader reader = access.enter(request).reader();
    SearchForm form = new SearchForm(context.queryParams());
    if (reader == null) {
      refuse(context, 401, "Log in");
    } else if (sources.trail() == null) {
      refuse(context, 404, "The trail is off");
    } else if (!form.faults().isEmpty()) {
      refuse(context, 400, "The address is wrong");
    } else {
      // A template is read from the jar once, and not on this thread.
      vertx
          .executeBlocking(() -> templates.prepare(ROW), false)
          .onSuccess(ready -> follow(request, reader, form))
          .onFailure(context::fail);
    }
  }

  private void follow(AdmittedRequest request, ConsoleReader reader, SearchForm form) {
    List<TrailQuery> wanted =
        form.probes(reader.scope(), 1).stream().map(SearchForm.Probe::query).toList();
    Hardening.apply(request.context().response());
    try {
      api.follow(
          request,
          new EventSubscription(
              reader.name(),
              reader.scope(),
              entry -> wanted.stream().anyMatch(query -> query.fits(entry)),
              this::row,
              () -> reader.isSame(access.enter(request).reader())));
    } catch (RequestRefused refusal) {
      refuse(request.context(), refusal.status(), refusal.description());
    }
  }

  /** As a string of JSON, which has no line breaks. */
  private Buffer row(TrailEntry entry) {
    return Buffer.buffer(Json.encode(templates.part(ROW, PushRow.of(entry))));
  }

  /** In a word: no person reads it, but the page says that it is not connected. */
  private static void refuse(RoutingContext context, int status, String why) {
    Hardening.apply(context.response());
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(new JsonObject().put("description", why).toBuffer())
        .onFailure(gone -> LOG.debug("an answer was not read", gone));
  }
}
