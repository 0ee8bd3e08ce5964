// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Reason;

/** One request and what became of it. */
final class Exchange {
  /** The stream id of a request that never got a stream: nothing of it left this machine. */
  static final int NO_STREAM = -1;

  /** REFUSED_STREAM: the peer did nothing with the request. RFC 9113, section 8.7. */
  private static final long REFUSED_STREAM = 7;

  /** CANCEL, RFC 9113 section 7. */
  private static final long CANCEL = 8;

  private final long startedAt;
  private final Promise<Reply> promise = Promise.promise();
  private HttpClientRequest request;
  private HttpClientResponse head;
  private BoundedBody body;
  private int streamId = NO_STREAM;

  /**
   * @param startedAt of {@link org.pushserver.spi.Time#nanos}
   */
  Exchange(long startedAt) {
    this.startedAt = startedAt;
  }

  long startedAt() {
    return startedAt;
  }

  int streamId() {
    return streamId;
  }

  Future<Reply> reply() {
    return promise.future();
  }

  /** Sends in the same turn of the event loop: the stream that was free is free no longer. */
  Future<HttpClientResponse> send(HttpClientRequest newRequest, Buffer body) {
    request = newRequest;
    Future<HttpClientResponse> response = newRequest.send(body);
    // A request without a stream fails at once, and has no id to ask for.
    if (!response.failed()) {
      streamId = newRequest.streamId();
    }
    return response;
  }

  /**
   * Reads on from the answer's headers, which decide: what breaks off behind them is not told.
   *
   * @param tooLong see {@link BoundedBody#read}
   */
  Future<Buffer> read(HttpClientResponse response, Runnable tooLong) {
    head = response;
    body = BoundedBody.read(response, tooLong);
    return body.bytes();
  }

  /** Whether the peer has said what became of the request. */
  boolean isDecided() {
    return head != null;
  }

  /**
   * Ends with the answer, as far as it has come. Only when {@link #isDecided}.
   *
   * @param connection its number
   */
  void succeed(long connection) {
    promise.tryComplete(
        new Reply(head.statusCode(), head.headers(), body.soFar(), body.isWhole(), connection));
  }

  /** Tells the peer that the answer is not wanted any more. */
  void reset() {
    if (request != null) {
      request.reset(CANCEL);
    }
  }

  /**
   * Was it processed? The ids decide: the same exception comes in either case.
   *
   * @param lastProcessed the last stream that the peer may have looked at
   * @param lost what happened to the connection, if anything did; in an operator's words
   * @return {@link NotSentException} when it certainly was not, else {@link UnansweredException}
   */
  Exception judge(Throwable cause, int lastProcessed, String peer, String lost) {
    if (streamId == NO_STREAM) {
      return new NotSentException(peer + ": " + lost, cause);
    }
    String what = peer + ": " + inWords(cause, lost);
    if (streamId > lastProcessed) {
      return new NotSentException(what + " before it took the push", cause);
    }
    if (cause instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM) {
      return new NotSentException(what, cause);
    }
    return new UnansweredException(what, cause);
  }

  /** What Vert.x calls streams, frames and codes is not what an operator can look for. */
  private static String inWords(Throwable cause, String lost) {
    if (cause instanceof HttpClosedException) {
      return lost;
    }
    if (cause instanceof StreamResetException reset) {
      return reset.getCode() == REFUSED_STREAM
          ? "the push service did not take the push and asked to send it again"
          : "the push service broke the request off, error " + reset.getCode();
    }
    return Reason.of(cause);
  }

  /** Does nothing when it has ended before. */
  void fail(Throwable cause) {
    promise.tryFail(cause);
  }
}
