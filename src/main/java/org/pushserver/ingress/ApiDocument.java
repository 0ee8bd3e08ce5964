// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.pushserver.api.Policy;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.endpoint.Page;

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
  private final List<HttpEndpoint<ApiRequest>> endpoints;
  private Policy described;
  private Future<Page> json;
  private Future<Page> page;

  /**
   * @param policy what the door goes by now
   * @param endpoints what it has, once the first request arrives
   */
  ApiDocument(Supplier<Policy> policy, List<HttpEndpoint<ApiRequest>> endpoints) {
    this.policy = policy;
    this.endpoints = endpoints;
  }

  /** Answers with the OpenAPI document. */
  void json(ApiRequest request) {
    RoutingContext context = request.context();
    Policy now = policy.get();
    if (json == null || json.failed() || !now.equals(described)) {
      described = now;
      json = context.vertx().executeBlocking(() -> describe(now, endpoints), false);
    }
    answer(context, json);
  }

  /** Answers with a page that shows it. */
  void page(ApiRequest request) {
    RoutingContext context = request.context();
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

  private static Page describe(Policy policy, List<HttpEndpoint<ApiRequest>> endpoints)
      throws IOException {
    JsonObject document = new JsonObject(told(read("openapi.json").toString(), policy));
    if (!policy.access().keys().isOpen()) {
      JsonObject paths = document.getJsonObject("paths");
      for (HttpEndpoint<ApiRequest> endpoint : endpoints) {
        // What others send is described by them.
        if (endpoint.guard().needsKey() && paths.containsKey(endpoint.path())) {
          requireKey(paths.getJsonObject(endpoint.path()), endpoint.method());
        }
      }
    }
    return page("application/json", document.toBuffer());
  }

  /**
   * Of the ways to ask, the one without a key goes. What {@code allow_get} opens is not described.
   */
  private static void requireKey(JsonObject path, HttpMethod method) {
    JsonObject operation = path.getJsonObject(method.name().toLowerCase(Locale.ROOT));
    if (operation != null) {
      operation.getJsonArray("security").remove(new JsonObject());
    }
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
