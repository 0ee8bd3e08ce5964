// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * Takes the body of one answer, as far as it comes and has a size that can mean anything: what was
 * said before it broke off stands. A service that goes out of its mind must not take our memory
 * with it. Event loop only.
 */
final class BoundedBody {
  /** Answers of APNs and FCM have some hundred bytes. */
  static final int MOST_BYTES = 64 * 1024;

  private final Promise<Buffer> promise = Promise.promise();
  private final Runnable tooLong;
  private Buffer body = Buffer.buffer(0);
  private boolean over;
  private boolean whole;

  private BoundedBody(Runnable tooLong) {
    this.tooLong = tooLong;
  }

  /**
   * Reads on from the answer's headers.
   *
   * @param tooLong called once, when the rest is not wanted any more
   */
  static BoundedBody read(HttpClientResponse response, Runnable tooLong) {
    BoundedBody body = new BoundedBody(tooLong);
    response
        .exceptionHandler(cause -> body.breakOff())
        .endHandler(end -> body.end())
        .handler(body::take);
    return body;
  }

  /** Completes with what came, or with nothing when it was too long; does not fail. */
  Future<Buffer> bytes() {
    return promise.future();
  }

  /** Whether it came to its end, and is no more than can be kept. */
  boolean isWhole() {
    return whole;
  }

  /** What has come so far. */
  Buffer soFar() {
    return body;
  }

  private void take(Buffer chunk) {
    if (over) {
      return;
    }
    if (body.length() + chunk.length() <= MOST_BYTES) {
      body.appendBuffer(chunk);
      return;
    }
    body = Buffer.buffer(0);
    breakOff();
    tooLong.run();
  }

  private void end() {
    whole = !over;
    promise.tryComplete(body);
  }

  private void breakOff() {
    over = true;
    promise.tryComplete(body);
  }
}
