// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What is shown to who asks with {@code GET}, and without its content to who asks with {@code
 * HEAD}. Immutable, so that all who read it share one copy; any event loop.
 *
 * @param type its media type
 */
public record Page(int status, CharSequence type, Buffer body) implements Shown {
  public Page {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(body, "body");
  }

  /** A page that is always there. */
  public Page(String type, String body) {
    this(200, HttpHeaders.createOptimized(type), Buffer.buffer(body));
  }

  /** Answers with a page that is always there, however long it is read. */
  public void answer(RoutingContext context) {
    HttpServerResponse response = begin(context);
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(body);
    }
  }

  @Override
  public Future<Void> show(RoutingContext context) {
    HttpServerResponse unused = begin(context);
    return Pouring.answer(context, pieces(body));
  }

  /** Some content, piece by piece. */
  static Supplier<Buffer> pieces(Buffer whole) {
    return new Supplier<>() {
      private int at;
      private boolean begun;

      @Override
      public Buffer get() {
        if (begun && at == whole.length()) {
          return null;
        }
        begun = true;
        int from = at;
        at = Math.min(whole.length(), from + Pouring.PIECE);
        return whole.slice(from, at);
      }
    };
  }

  private HttpServerResponse begin(RoutingContext context) {
    return context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
  }
}
