// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.pushserver.observe.Page;

/**
 * The description of the HTTP interface, for tools and for people, with what this server has been
 * told: its limits, and whether it wants keys. Made when it is first asked for, and again when that
 * has changed; all who read it share one copy. Confined to one event loop.
 */
final class ApiDocument {
  /** The page brings its own script and style, and may ask this server alone. */
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String WAITS =
      "This server answers when the push service has taken or refused the push, or the deadline of"
          + " the push has passed (return_async = yes).";

  private static final String DOES_NOT_WAIT =
      "This server answers 202 at once (return_async = no); what becomes of the push is in its log.";

  private final Supplier<Policy> policy;
  private Policy described;
  private Future<Page> json;
  private Future<Page> page;

  /**
   * @param policy what the door goes by now
   */
  ApiDocument(Supplier<Policy> policy) {
    this.policy = policy;
  }

  /** Answers with the OpenAPI document. */
  void json(RoutingContext context) {
    Policy now = policy.get();
    if (json == null || json.failed() || !now.equals(described)) {
      described = now;
      json = context.vertx().executeBlocking(() -> describe(now), false);
    }
    answer(context, json);
  }

  /** Answers with a page that shows it. */
  void page(RoutingContext context) {
    if (page == null || page.failed()) {
      page = context.vertx().executeBlocking(ApiDocument::docs, false);
    }
    context.response().putHeader("Content-Security-Policy", POLICY);
    answer(context, page);
  }

  private static void answer(RoutingContext context, Future<Page> page) {
    context.response().putHeader("X-Content-Type-Options", "nosniff");
    page.onSuccess(read -> read.answer(context)).onFailure(context::fail);
  }

  private static Page docs() throws IOException {
    return page("text/html; charset=utf-8", read("docs.html"));
  }

  private static Page describe(Policy policy) throws IOException {
    JsonObject document = new JsonObject(told(read("openapi.json").toString(), policy));
    if (!policy.access().keys().isOpen()) {
      JsonObject push = document.getJsonObject("paths").getJsonObject("/push");
      JsonArray ways = push.getJsonObject("post").getJsonArray("security");
      ways.remove(new JsonObject());
    }
    return page("application/json", document.toBuffer());
  }

  /** Puts in numbers where the text has names. */
  private static String told(String text, Policy policy) {
    return text.replace("{max_body}", Integer.toString(policy.limits().maxBody()))
        .replace("{returns}", policy.waitForResult() ? WAITS : DOES_NOT_WAIT);
  }

  private static Page page(String type, Buffer body) {
    return new Page(200, HttpHeaders.createOptimized(type), body);
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
