// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * Collects a request's body, up to a limit. Vert.x Web's own body handler would take form types for
 * forms; here the content type decides nothing.
 */
final class Body {
  /** What a body may have, in bytes. */
  static final int LIMIT = 64 * 1024;

  /**
   * What is read of a body that is too long, so that its sender, still writing, gets to see the
   * answer; whoever sends more loses the connection.
   */
  private static final int PATIENCE = 1024 * 1024;

  private final Promise<byte[]> whole = Promise.promise();
  private Buffer bytes;
  private int length;

  private Body() {}

  /**
   * Reads the whole body. Call it in the handler of the request, before its body arrives.
   *
   * @return fails with a {@link Refusal}: 413 when it is too long, 400 when it broke off
   */
  static Future<byte[]> read(HttpServerRequest request) {
    Body body = new Body();
    request.handler(chunk -> body.take(request, chunk));
    request.endHandler(end -> body.end());
    request.exceptionHandler(
        broken ->
            body.whole.tryFail(Refusal.ofUnfinished(400, "The body broke off or was malformed")));
    return body.whole.future();
  }

  private void take(HttpServerRequest request, Buffer chunk) {
    boolean first = length == 0;
    length += chunk.length();
    if (length > PATIENCE) {
      request.pause();
      whole.tryFail(tooLong(true));
    } else if (length > LIMIT) {
      bytes = null;
    } else if (first) {
      // Nearly every body comes in one chunk.
      bytes = chunk;
    } else {
      bytes.appendBuffer(chunk);
    }
  }

  private void end() {
    if (length > LIMIT) {
      whole.tryFail(tooLong(false));
    } else {
      whole.tryComplete(bytes == null ? new byte[0] : bytes.getBytes());
    }
  }

  private static Refusal tooLong(boolean unfinished) {
    String description = "The body is too long; at most " + LIMIT + " bytes are allowed";
    return unfinished ? Refusal.ofUnfinished(413, description) : new Refusal(413, description);
  }
}
