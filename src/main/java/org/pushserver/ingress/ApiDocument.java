// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** The description of the HTTP interface, for tools and for people. Any event loop. */
final class ApiDocument {
  /** The page brings its own script and style, and may ask this server alone. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private ApiDocument() {}

  /** Answers with the OpenAPI document. */
  static void json(RoutingContext context) {
    answer(context, "openapi.json", "application/json");
  }

  /** Answers with a page that shows it. */
  static void page(RoutingContext context) {
    context.response().putHeader("Content-Security-Policy", POLICY);
    answer(context, "docs.html", "text/html; charset=utf-8");
  }

  /** Read each time: it is asked for so seldom that memory would be the greater cost. */
  private static void answer(RoutingContext context, String resource, String type) {
    context
        .vertx()
        .executeBlocking(() -> read(resource), false)
        .onSuccess(
            body ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .end(body))
        .onFailure(context::fail);
  }

  private static Buffer read(String resource) throws IOException {
    try (InputStream in = ApiDocument.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource + " is missing from the jar");
      }
      return Buffer.buffer(in.readAllBytes());
    }
  }
}
