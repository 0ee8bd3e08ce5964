// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What is shown to who asks with {@code GET}, and without its content to who asks with {@code
 * HEAD}. Immutable, so that all who read it share one copy; any event loop.
 *
 * @param type its media type
 */
public record Page(int status, CharSequence type, Buffer body) {
  /** What is written at once: a slow reader holds no more of the connection's memory. */
  private static final int SLICE = 64 * 1024;

  /** How long such a page may take to be read: a monitoring tool gives up by then, too. */
  private static final long PATIENCE_MS = TimeUnit.SECONDS.toMillis(10);

  /** HTTP/2: the answer is not wanted any more. */
  private static final long CANCEL = 8;

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

  /**
   * Answers with a page that is not to be kept for long: who has not read it after 10 s does not
   * get the rest.
   *
   * @return completes when nothing of it is held for this reader any more, whatever became of it
   */
  public Future<Void> show(RoutingContext context) {
    HttpServerResponse response = begin(context);
    Promise<Void> free = Promise.promise();
    long timer = context.vertx().setTimer(PATIENCE_MS, late -> giveUp(context.request()));
    response.closeHandler(closed -> free.tryComplete());
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end().onComplete(sent -> free.tryComplete());
    } else {
      pour(response, 0, free);
    }
    return free.future().onComplete(done -> context.vertx().cancelTimer(timer));
  }

  private HttpServerResponse begin(RoutingContext context) {
    return context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
  }

  /** Writes on as fast as it is read. */
  private void pour(HttpServerResponse response, int from, Promise<Void> free) {
    int at = from;
    while (body.length() - at > SLICE) {
      if (response.closed()) {
        free.tryComplete();
        return;
      }
      if (response.writeQueueFull()) {
        int next = at;
        response.drainHandler(drained -> pour(response, next, free));
        return;
      }
      response.write(body.slice(at, at + SLICE));
      at += SLICE;
    }
    response.drainHandler(null);
    response.end(body.slice(at, body.length())).onComplete(sent -> free.tryComplete());
  }

  private static void giveUp(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(CANCEL);
    } else {
      Channel channel = Disconnect.channel(request.connection());
      Disconnect.now(channel);
    }
  }
}
