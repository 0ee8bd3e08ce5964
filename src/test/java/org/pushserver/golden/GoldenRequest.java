// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;

/** The sending of a recorded request. */
final class GoldenRequest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GoldenRequest() {}

  /** What came of it. */
  record Answer(int status, Buffer body) {
    JsonNode json() throws IOException {
      return JSON.readTree(body.getBytes());
    }
  }

  /** Sends it as it was recorded. */
  static Future<Answer> send(HttpClient client, int port, GoldenCase recorded) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(recorded.method()))
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(recorded.path());
    recorded
        .headers()
        .properties()
        .forEach(header -> options.putHeader(header.getKey(), header.getValue().textValue()));
    // Nested, so that the body is asked for on the event loop, before a quick answer has ended.
    return client
        .request(options)
        .compose(
            request ->
                request
                    .send(recorded.body())
                    .compose(
                        response ->
                            response.body().map(body -> new Answer(response.statusCode(), body))));
  }
}
