// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The least that a program of this shape does: it forwards the bytes of a POST over one HTTP/2 TLS
 * connection and answers. One verticle on one event loop. What this costs is the price of Vert.x,
 * Netty and TLS. It must stay as it is: every other figure is divided by its own.
 */
public final class NullRelay extends VerticleBase {
  private final int port;
  private final int sinkPort;
  private final String ca;
  private final boolean pooled;
  private final RequestOptions post =
      new RequestOptions().setMethod(HttpMethod.POST).setURI("/3/device/" + Posts.device(0));
  private final Deque<HttpServerRequest> waiting = new ArrayDeque<>();
  private final Deque<Buffer> waitingBodies = new ArrayDeque<>();
  private HttpClientAgent client;
  private HttpClientConnection wire;
  private int inFlight;

  private NullRelay(int port, int sinkPort, String ca, boolean pooled) {
    this.port = port;
    this.sinkPort = sinkPort;
    this.ca = ca;
    this.pooled = pooled;
  }

  /** Runs it: own port, the sink's port, the CA file, {@code pooled} or {@code connect}. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    String deployed =
        vertx
            .deployVerticle(
                new NullRelay(
                    Integer.parseInt(arguments[0]),
                    Integer.parseInt(arguments[1]),
                    arguments[2],
                    arguments[3].equals("pooled")),
                new DeploymentOptions())
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    System.out.println("deployed " + deployed);
  }

  @Override
  public Future<?> start() {
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setSsl(true)
            .setUseAlpn(true)
            .setDefaultHost("localhost")
            .setDefaultPort(sinkPort)
            .setTrustOptions(new PemTrustOptions().addCertPath(ca));
    client = vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(1));
    return client
        .connect(new HttpConnectOptions().setHost("localhost").setPort(sinkPort))
        .onSuccess(connection -> wire = connection)
        .compose(
            connected ->
                vertx.createHttpServer().requestHandler(this::relay).listen(port, "127.0.0.1"));
  }

  private void relay(HttpServerRequest request) {
    request.body().onSuccess(body -> forward(request, body));
  }

  private void forward(HttpServerRequest request, Buffer body) {
    if (pooled) {
      answer(request, client.request(post), body);
    } else if (inFlight < wire.maxActiveStreams()) {
      answer(request, wire.request(post), body);
    } else {
      waiting.add(request);
      waitingBodies.add(body);
    }
  }

  private void answer(HttpServerRequest request, Future<HttpClientRequest> outgoing, Buffer body) {
    inFlight++;
    outgoing
        .compose(out -> out.send(body))
        .compose(response -> request.response().setStatusCode(response.statusCode()).end())
        .onFailure(cause -> request.connection().close())
        .onComplete(done -> ended());
  }

  private void ended() {
    inFlight--;
    if (!waiting.isEmpty()) {
      forward(waiting.poll(), waitingBodies.poll());
    }
  }
}
