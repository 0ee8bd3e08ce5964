// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * Takes the body of one answer, as far as it has a size that can mean anything. A service that goes
 * out of its mind must not take our memory with it. Event loop only.
 */
final class BoundedBody {
  /** Answers of APNs and FCM have some hundred bytes. */
  static final int MOST_BYTES = 64 * 1024;

  private final Promise<Buffer> promise = Promise.promise();
  private final Runnable tooLong;
  private final Buffer body = Buffer.buffer(0);
  private boolean over;

  private BoundedBody(Runnable tooLong) {
    this.tooLong = tooLong;
  }

  /**
   * Reads on from the answer's headers.
   *
   * @param tooLong called once, when the rest is not wanted any more
   * @return completes with what came, or with nothing when it was too long; fails when it broke off
   */
  static Future<Buffer> read(HttpClientResponse response, Runnable tooLong) {
    BoundedBody body = new BoundedBody(tooLong);
    response
        .exceptionHandler(body.promise::tryFail)
        .endHandler(end -> body.promise.tryComplete(body.body))
        .handler(body::take);
    return body.promise.future();
  }

  private void take(Buffer chunk) {
    if (over) {
      return;
    }
    if (body.length() + chunk.length() <= MOST_BYTES) {
      body.appendBuffer(chunk);
      return;
    }
    over = true;
    promise.tryComplete(Buffer.buffer(0));
    tooLong.run();
  }
}
