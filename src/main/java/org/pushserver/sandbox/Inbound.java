// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;

/**
 * One request that has arrived completely.
 *
 * @param time when
 * @param method such as {@code POST}
 * @param path with its query
 * @param headers as received
 * @param body at most {@link #MAX_BODY} bytes; what came beyond that is dropped
 * @param connection names the TCP connection
 * @param httpVersion such as {@code HTTP_2}
 * @param certificate whether the client showed a certificate that the sandbox issued
 */
record Inbound(
    Instant time,
    String method,
    String path,
    MultiMap headers,
    Buffer body,
    String connection,
    String httpVersion,
    boolean certificate) {

  /** More than any service takes, so that a longer body is still seen to be too long. */
  static final int MAX_BODY = 64 * 1024;

  /** Completes when the body is there. */
  static Future<Inbound> read(HttpServerRequest request, String connection, boolean certificate) {
    Promise<Inbound> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        part -> body.appendBuffer(part, 0, Math.min(part.length(), MAX_BODY - body.length())));
    request.exceptionHandler(promise::tryFail);
    request.endHandler(
        end ->
            promise.tryComplete(
                new Inbound(
                    Instant.now(),
                    request.method().name(),
                    request.uri(),
                    request.headers(),
                    body,
                    connection,
                    request.version().name(),
                    certificate)));
    return promise.future();
  }
}
