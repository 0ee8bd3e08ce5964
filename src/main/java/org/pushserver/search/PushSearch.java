// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.Page;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;

/** Pushes that are searched for, page by page. Any event loop. */
final class PushSearch {
  private static final CharSequence NEXT = HttpHeaders.createOptimized("X-Next-Cursor");
  private static final CharSequence NOTE = HttpHeaders.createOptimized("X-Note");
  private static final CharSequence LINK = HttpHeaders.createOptimized("Link");

  private final Trail trail;
  private final SearchAccess access;

  PushSearch(Trail trail, SearchAccess access) {
    this.trail = trail;
    this.access = access;
  }

  void answer(AdmittedRequest request) {
    RoutingContext context = request.context();
    SearchAccess.Asker asker = access.asker(request);
    SearchFields fields = SearchFields.ofSearch(context.queryParams());
    AnswerFormat format = fields.format(context.request().getHeader(HttpHeaders.ACCEPT));
    TrailQuery query = fields.query(asker.scope());
    context.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    TrailApi.answer(context, trail.search(query).compose(page -> page(context, format, page)));
  }

  private static Future<Page> page(RoutingContext context, AnswerFormat format, TrailPage page) {
    if (!context.response().closed()) {
      head(context, page);
    }
    return context
        .vertx()
        .executeBlocking(() -> EntryWriter.write(format, page), false)
        .map(body -> new Page(200, format.type(), body));
  }

  /** A form of lines has no place for what is not a line. */
  private static void head(RoutingContext context, TrailPage page) {
    HttpServerResponse response = context.response();
    if (!page.next().isEmpty()) {
      response.putHeader(NEXT, page.next());
      response.putHeader(LINK, "<" + next(context, page.next()) + ">; rel=\"next\"");
    }
    if (!page.notes().isEmpty()) {
      response.putHeader(NOTE, String.join(". ", page.notes()).replaceAll("[^ -~]", "?"));
    }
  }

  private static String next(RoutingContext context, String cursor) {
    QueryStringEncoder address = new QueryStringEncoder("/v3/pushes");
    MultiMap query = context.queryParams();
    query.forEach(
        (name, value) -> {
          if (!name.equals("cursor")) {
            address.addParam(name, value);
          }
        });
    address.addParam("cursor", cursor);
    return address.toString();
  }
}
