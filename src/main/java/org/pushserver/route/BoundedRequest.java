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
 * One request and its whole answer, for all that is asked over HTTP and is no push. One timer runs
 * over everything: the name, the proxy, TLS, the headers and the body to its end; and of the body
 * no more is taken than a {@link BoundedBody} takes. However it ends, it ends once, and nothing of
 * it is read any more. Event loop only.
 */
public final class BoundedRequest {
  /** CANCEL, RFC 9113 section 7; over HTTP/1.1 the connection is closed. */
  private static final long CANCEL = 8;

  private final Promise<WholeAnswer> end = Promise.promise();
  private final Time time;
  private final Duration limit;
  private final long timer;
  private HttpClientRequest request;
  private String missing = "no connection";

  private BoundedRequest(Time time, Duration limit) {
    this.time = time;
    this.limit = limit;
    this.timer = time.timer(limit.toMillis(), this::timedOut);
  }

  /**
   * Begins to ask.
   *
   * @param client follows no redirects, and stays the caller's
   * @param limit for everything
   */
  public static BoundedRequest send(
      HttpClient client, RequestOptions options, Buffer body, Time time, Duration limit) {
    BoundedRequest asked = new BoundedRequest(time, limit);
    asked.begin(client, options, body);
    return asked;
  }

  private void begin(HttpClient client, RequestOptions options, Buffer body) {
    // Composed, so that what a closed client throws is a failure like any other.
    Future.succeededFuture()
        .compose(start -> client.request(options))
        .compose(stream -> ask(stream, body))
        .compose(this::read)
        .onComplete(end::tryComplete, end::tryFail);
    end.future().onComplete(done -> time.cancel(timer));
  }

  private Future<HttpClientResponse> ask(HttpClientRequest stream, Buffer body) {
    request = stream;
    if (end.future().isComplete()) {
      stop();
      return Future.failedFuture("too late");
    }
    missing = "no answer";
    return stream.send(body);
  }

  private Future<WholeAnswer> read(HttpClientResponse response) {
    missing = "no end of its answer " + response.statusCode();
    return BoundedBody.read(response, this::stop)
        .bytes()
        .map(body -> new WholeAnswer(response.statusCode(), body));
  }

  private void timedOut() {
    fail(new TimeoutException(missing + " within " + limit.toMillis() + " ms"));
  }

  /**
   * Ends it, unless it has ended.
   *
   * @param why in an operator's words
   */
  public void cancel(String why) {
    fail(new IOException(why));
  }

  private void fail(Exception why) {
    if (end.tryFail(why)) {
      stop();
    }
  }

  private void stop() {
    if (request != null) {
      request.reset(CANCEL);
    }
  }

  /** The answer, whatever its status; fails when there is none that is whole within the limit. */
  public Future<WholeAnswer> answer() {
    return end.future();
  }
}
