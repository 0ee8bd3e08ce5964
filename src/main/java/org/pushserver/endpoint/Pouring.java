// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Content on its way to one reader, in pieces, as fast as it is read. Who has not read it after 10
 * s does not get the rest. Confined to the event loop of the reader.
 */
final class Pouring {
  /** What is written at once: a slow reader holds no more of the connection's memory. */
  static final int PIECE = 64 * 1024;

  /** How long it may take to be read: a monitoring tool gives up by then, too. */
  private static final long PATIENCE_MS = TimeUnit.SECONDS.toMillis(10);

  /** HTTP/2: the answer is not wanted any more. */
  private static final long CANCEL = 8;

  private final HttpServerResponse response;
  private final Supplier<Buffer> pieces;
  private final Promise<Void> free = Promise.promise();

  /** What is written next. */
  private Buffer next;

  private Pouring(HttpServerResponse response, Supplier<Buffer> pieces) {
    this.response = response;
    this.pieces = pieces;
  }

  /**
   * Answers; status and headers have been set. Who asked with {@code HEAD} gets no content.
   *
   * @param pieces each of at most {@link #PIECE}, at least one; null when there are no more
   * @return completes when nothing is held for this reader any more, whatever became of it
   */
  static Future<Void> answer(RoutingContext context, Supplier<Buffer> pieces) {
    Pouring pouring = new Pouring(context.response(), pieces);
    long timer = context.vertx().setTimer(PATIENCE_MS, late -> giveUp(context.request()));
    pouring.begin(context.request().method().equals(HttpMethod.HEAD));
    return pouring.free.future().onComplete(done -> context.vertx().cancelTimer(timer));
  }

  private void begin(boolean isHead) {
    response.closeHandler(closed -> free.tryComplete());
    if (isHead) {
      response.end().onComplete(sent -> free.tryComplete());
    } else {
      next = pieces.get();
      pour();
    }
  }

  private void pour() {
    while (!hasGone()) {
      Buffer after = pieces.get();
      if (after == null) {
        response.drainHandler(null);
        response.end(next).onComplete(sent -> free.tryComplete());
        return;
      }
      response.write(next);
      next = after;
      if (response.writeQueueFull()) {
        response.drainHandler(drained -> pour());
        return;
      }
    }
  }

  /**
   * Whether the reader has. HTTP/2 says that there is room also after the reader wants no more: the
   * pieces may not be there any longer.
   */
  private boolean hasGone() {
    if (response.closed()) {
      free.tryComplete();
    }
    return free.future().isComplete();
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
