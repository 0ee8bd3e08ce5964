// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.io.IOException;

/**
 * What a {@link BoundedBody} is to an HTTP client, for a Web Client: takes the body of one answer
 * and fails where it becomes too long. Event loop only.
 */
public final class BoundedStream implements BodyStream<Buffer> {
  private final Promise<Buffer> promise = Promise.promise();
  private final Buffer body = Buffer.buffer();

  /** The whole body, maybe empty. */
  @Override
  public Future<Buffer> result() {
    return promise.future();
  }

  @Override
  public Future<Void> write(Buffer chunk) {
    if (body.length() + chunk.length() > BoundedBody.MOST_BYTES) {
      return Future.failedFuture(new IOException("its answer has more than 64 KiB"));
    }
    body.appendBuffer(chunk);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    promise.tryComplete(body);
    return Future.succeededFuture();
  }

  @Override
  public void handle(Throwable cause) {
    promise.tryFail(cause);
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
    return this;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
    return this;
  }
}
