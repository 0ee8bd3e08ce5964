// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.pushserver.api.RequestRefused;

/**
 * Collects a request's body, up to a limit. Vert.x Web's own body handler would take form types for
 * forms; here the content type decides nothing.
 */
final class Body {
  /**
   * What is read of a body that is too long, so that its sender, still writing, gets to see the
   * answer; whoever sends more loses the connection.
   */
  private static final int PATIENCE = 1024 * 1024;

  private final BodyIntake intake;
  private final HttpServerRequest request;
  private final int limit;
  private final long since;

  /** Null when it has ended: Vert.x keeps who reads the request until that is answered. */
  private Promise<byte[]> whole = Promise.promise();

  private Buffer bytes;
  private int length;

  /** Neighbours in the body intake. */
  Body before;

  Body after;

  Body(BodyIntake intake, HttpServerRequest request, int limit, long since) {
    this.intake = intake;
    this.request = request;
    this.limit = limit;
    this.since = since;
  }

  /** When it began to arrive, in nanoseconds. */
  long since() {
    return since;
  }

  Future<byte[]> read() {
    Future<byte[]> read = whole.future();
    request.handler(this::take);
    request.endHandler(end -> end());
    request.exceptionHandler(
        broken -> giveUp(RequestRefused.ofUnfinished(400, "The body broke off or was malformed")));
    return read;
  }

  private void take(Buffer chunk) {
    if (whole == null) {
      return;
    }
    boolean first = length == 0;
    length += chunk.length();
    if (length > Math.max(PATIENCE, 2 * limit)) {
      request.pause();
      giveUp(RequestRefused.bodyTooLongToRead(limit));
    } else if (length > limit) {
      release();
    } else if (!intake.hold(chunk.length())) {
      giveUp(RequestRefused.ofUnfinished(503, "Too many requests are arriving at once", 1));
    } else if (first) {
      // Nearly every body comes in one chunk.
      bytes = chunk;
    } else {
      bytes.appendBuffer(chunk);
    }
  }

  private void end() {
    if (whole == null) {
      return;
    }
    byte[] taken = bytes == null ? new byte[0] : bytes.getBytes();
    Promise<byte[]> told = leave();
    if (length > limit) {
      told.fail(RequestRefused.bodyTooLong(limit));
    } else {
      told.complete(taken);
    }
  }

  /** Reads no further. */
  void giveUp(RequestRefused refusal) {
    if (whole != null) {
      leave().fail(refusal);
    }
  }

  /** Who is to be told. */
  private Promise<byte[]> leave() {
    Promise<byte[]> told = whole;
    whole = null;
    request.handler(null).endHandler(null).exceptionHandler(null);
    release();
    intake.remove(this);
    return told;
  }

  private void release() {
    if (bytes != null) {
      intake.release(bytes.length());
      bytes = null;
    }
  }
}
