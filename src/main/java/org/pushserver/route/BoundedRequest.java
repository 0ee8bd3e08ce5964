// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.pushserver.spi.Time;

/**
 * One request, for all that is asked over HTTP and is no push. One timer runs over everything: the
 * name, the proxy, TLS, the headers and the body to its end. Of the body no more is taken than a
 * {@link BoundedBody} takes; and when the request is given up, nothing is read any more. However it
 * ends, it ends once. Event loop only.
 */
public final class BoundedRequest {
  /** CANCEL, RFC 9113 section 7; over HTTP/1.1 the connection is closed. */
  private static final long CANCEL = 8;

  private final Promise<Reply> end = Promise.promise();
  private final Duration limit;
  private String missing = "no connection";
  private HttpClientRequest request;

  /**
   * Begins to wait for the answer to a request that somebody else makes, in another way.
   *
   * @param limit for everything
   */
  public BoundedRequest(Time time, Duration limit) {
    this.limit = limit;
    long timer = time.timer(limit.toMillis(), this::timedOut);
    end.future().onComplete(done -> time.cancel(timer));
  }

  /**
   * Asks.
   *
   * @param client follows no redirects, and stays the caller's; others may use it, too
   * @param limit for everything
   */
  public static BoundedRequest send(
      HttpClient client, RequestOptions options, Buffer body, Time time, Duration limit) {
    BoundedRequest asked = new BoundedRequest(time, limit);
    asked.end.future().onFailure(why -> asked.stop());
    // Composed, so that what a closed client throws is a failure like any other.
    asked.endsAs(
        Future.succeededFuture()
            .compose(start -> client.request(options))
            .compose(stream -> asked.ask(stream, body))
            .compose(asked::read));
    return asked;
  }

  /** The answer, whatever its status; fails when there is none within the limit. */
  public Future<Reply> reply() {
    return end.future();
  }

  /**
   * Gives it up, unless it has ended.
   *
   * @param why in an operator's words
   */
  public void cancel(String why) {
    end.tryFail(new IOException(why));
  }

  private void timedOut() {
    end.tryFail(new TimeoutException(missing + " within " + limit.toMillis() + " ms"));
  }

  /**
   * Waits for something else from now on.
   *
   * @param nowMissing what there is none of when the time is over; in an operator's words
   */
  public void waitsFor(String nowMissing) {
    missing = nowMissing;
  }

  /** Ends as this does, unless it has ended. */
  public void endsAs(Future<Reply> answer) {
    answer.onComplete(end::tryComplete, end::tryFail);
  }

  private Future<HttpClientResponse> ask(HttpClientRequest stream, Buffer body) {
    request = stream;
    if (end.future().isComplete()) {
      stop();
      return Future.failedFuture("too late");
    }
    waitsFor("no answer");
    return stream.send(body);
  }

  private Future<Reply> read(HttpClientResponse response) {
    waitsFor("no end of its answer " + response.statusCode());
    BoundedBody body = BoundedBody.read(response, this::stop);
    return body.bytes()
        .map(
            bytes ->
                new Reply(response.statusCode(), response.headers(), bytes, body.isWhole(), 0));
  }

  private void stop() {
    if (request != null) {
      request.reset(CANCEL);
    }
  }
}
