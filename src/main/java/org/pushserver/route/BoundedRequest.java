// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import org.pushserver.spi.Time;

/**
 * One request over a client that others use too. Of the body of its answer no more is taken than a
 * {@link BoundedBody} takes; and when it is given up, nothing of it is read any more. Event loop
 * only.
 */
public final class BoundedRequest {
  /** CANCEL, RFC 9113 section 7; over HTTP/1.1 the connection is closed. */
  private static final long CANCEL = 8;

  private final AwaitedAnswer awaited;
  private HttpClientRequest request;

  private BoundedRequest(AwaitedAnswer awaited) {
    this.awaited = awaited;
  }

  /**
   * Asks. The answer comes whatever its status; the future fails when there is none that is whole
   * within the limit.
   *
   * @param client follows no redirects, and stays the caller's
   * @param limit for everything
   */
  public static Future<Reply> send(
      HttpClient client, RequestOptions options, Buffer body, Time time, Duration limit) {
    AwaitedAnswer awaited = new AwaitedAnswer(time, limit);
    new BoundedRequest(awaited).begin(client, options, body);
    return awaited.future();
  }

  private void begin(HttpClient client, RequestOptions options, Buffer body) {
    awaited.future().onFailure(why -> stop());
    // Composed, so that what a closed client throws is a failure like any other.
    awaited.endsAs(
        Future.succeededFuture()
            .compose(start -> client.request(options))
            .compose(stream -> ask(stream, body))
            .compose(this::read));
  }

  private Future<HttpClientResponse> ask(HttpClientRequest stream, Buffer body) {
    request = stream;
    if (awaited.hasEnded()) {
      stop();
      return Future.failedFuture("too late");
    }
    awaited.waitsFor("no answer");
    return stream.send(body);
  }

  private Future<Reply> read(HttpClientResponse response) {
    awaited.waitsFor("no end of its answer " + response.statusCode());
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
