// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.pushserver.pns.Endpoint;
import org.pushserver.route.BoundedRequest;
import org.pushserver.route.BoundedStream;
import org.pushserver.route.ForgottenClient;
import org.pushserver.route.Reply;

/**
 * One request for a token, over a client of its own. However it ends, the client is closed, and
 * with it the connection: a Web Client has no other way to stop an answer that has begun. Event
 * loop only.
 */
final class TokenRequest {
  private final BoundedRequest awaited;

  private TokenRequest(BoundedRequest awaited) {
    this.awaited = awaited;
  }

  /** Asks, and lets the answer end in what is awaited. */
  static void send(
      Vertx vertx,
      HttpClientOptions options,
      Endpoint peer,
      MultiMap form,
      BoundedRequest awaited) {
    new TokenRequest(awaited).begin(vertx, options, peer, form);
  }

  private void begin(Vertx vertx, HttpClientOptions options, Endpoint peer, MultiMap form) {
    HttpClient connections =
        ForgottenClient.of(
            vertx.httpClientBuilder().with(options).withConnectHandler(this::connected).build(),
            vertx);
    WebClient client =
        WebClient.wrap(
            connections,
            new WebClientOptions().setFollowRedirects(false).setUserAgentEnabled(false));
    awaited.reply().onComplete(done -> client.close());
    // Composed, so that what a Vert.x that closes throws is a failure like any other.
    awaited.endsAs(
        Future.succeededFuture(client.post(peer.port(), peer.host(), peer.target()))
            .compose(request -> request.as(this::body).sendForm(form))
            .map(answer -> new Reply(answer.statusCode(), answer.headers(), answer.body(), 0)));
  }

  private void connected(HttpConnection connection) {
    // The request fails of the same, and is told once; Vert.x logs it when nobody listens.
    connection.exceptionHandler(told -> {});
    awaited.waitsFor("no answer");
  }

  private BodyStream<Buffer> body() {
    awaited.waitsFor("no end of its answer");
    return new BoundedStream();
  }
}
