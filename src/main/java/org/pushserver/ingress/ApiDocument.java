// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.pushserver.observe.Page;

/**
 * The description of the HTTP interface, for tools and for people. Read when it is first asked for;
 * from then on all who read it share one copy. Confined to one event loop.
 */
final class ApiDocument {
  /** The page brings its own script and style, and may ask this server alone. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Future<Page> json;
  private Future<Page> page;

  /** Answers with the OpenAPI document. */
  void json(RoutingContext context) {
    if (json == null || json.failed()) {
      json = read(context, "openapi.json", "application/json");
    }
    answer(context, json);
  }

  /** Answers with a page that shows it. */
  void page(RoutingContext context) {
    if (page == null || page.failed()) {
      page = read(context, "docs.html", "text/html; charset=utf-8");
    }
    context.response().putHeader("Content-Security-Policy", POLICY);
    answer(context, page);
  }

  private static void answer(RoutingContext context, Future<Page> page) {
    context.response().putHeader("X-Content-Type-Options", "nosniff");
    page.onSuccess(read -> read.answer(context)).onFailure(context::fail);
  }

  private static Future<Page> read(RoutingContext context, String resource, String type) {
    return context.vertx().executeBlocking(() -> read(resource, type), false);
  }

  private static Page read(String resource, String type) throws IOException {
    try (InputStream in = ApiDocument.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + " is missing from the jar");
      }
      return new Page(200, HttpHeaders.createOptimized(type), Buffer.buffer(in.readAllBytes()));
    }
  }
}
