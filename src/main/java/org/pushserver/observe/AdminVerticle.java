// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ListenAddress;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.Disconnect;
import org.pushserver.endpoint.EndpointList;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.endpoint.Page;
import org.pushserver.endpoint.StrictDecoder;

/**
 * The HTTP server for the {@link Pages} alone, called the admin door, in plain HTTP, for the
 * operator's tools, which need not be where requests come from. It starts once it listens, and
 * fails to start when the port is taken.
 */
final class AdminVerticle extends VerticleBase {
  private static final int IDLE_S = 60;
  private static final long LAST_ANSWERS_S = 1;

  /** Many more than there are tools that look. */
  private static final int MOST_CONNECTIONS = 200;

  /** Bytes of answers that one tool may leave unread, beside those that the kernel holds. */
  private static final long MOST_UNREAD = 1024 * 1024;

  /** Bytes that the body of a request may have. */
  private static final int MOST_BODY = 16 * 1024;

  private static final Buffer NOTHING = Buffer.buffer();

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final String host;
  private final int port;
  private final EndpointList<AdmittedRequest> pages;
  private int connections;
  private HttpServer server;
  private volatile int actualPort;

  /**
   * @param host the address to listen on
   * @param port 0 for any free one
   * @param pages what to show
   */
  AdminVerticle(String host, int port, List<HttpEndpoint<AdmittedRequest>> pages) {
    this.host = host;
    this.port = port;
    this.pages = new EndpointList<>(pages);
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    pages.route(router, new OperatorAdmission());
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            // For the server that will take over from this one.
            .setReusePort(true)
            .setIdleTimeout(IDLE_S)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            // For the console; what is measured comes packed.
            .setCompressionSupported(true)
            .setHttp2ClearTextEnabled(false);
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> opened(connection, options))
            .requestHandler(router);
    return server
        .listen()
        .recover(cause -> Future.failedFuture(ListenAddress.unusable(host, port, cause)))
        .onSuccess(listening -> actualPort = listening.actualPort());
  }

  private void opened(HttpConnection connection, HttpServerOptions options) {
    Channel channel = Disconnect.channel(connection);
    if (connections >= MOST_CONNECTIONS) {
      Disconnect.now(channel);
      return;
    }
    StrictDecoder.install(channel, options);
    connections++;
    connection.closeHandler(closed -> connections--);
  }

  @Override
  public Future<?> stop() {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(LAST_ANSWERS_S, TimeUnit.SECONDS);
  }

  /** Undeploys it; to be called once it has started. */
  Future<Void> close() {
    return vertx.undeploy(deploymentID());
  }

  /** The port it listens on, once started. Any thread. */
  int port() {
    return actualPort;
  }

  /** Nobody is a stranger here: whoever reaches the address may read all of it. */
  private record OperatorRequest(RoutingContext context, Buffer content)
      implements AdmittedRequest {
    @Override
    public byte[] body() {
      return content.getBytes();
    }

    @Override
    public String address() {
      SocketAddress peer = context.request().remoteAddress();
      return peer == null || peer.hostAddress() == null ? "" : peer.hostAddress();
    }

    @Override
    public boolean isStranger() {
      return false;
    }

    @Override
    public boolean isOperator() {
      return true;
    }

    @Override
    public ApiKey key() {
      return null;
    }
  }

  /** Lets everybody in who reads what he asked for. */
  private static final class OperatorAdmission implements EndpointList.Admission<AdmittedRequest> {
    @Override
    public void admit(RoutingContext context, HttpEndpoint<AdmittedRequest> endpoint) {
      Channel channel = Disconnect.channel(context.request().connection());
      if (channel.bytesBeforeWritable() > MOST_UNREAD) {
        Disconnect.now(channel);
      } else if (endpoint.guard().readsBody()) {
        read(context, body -> endpoint.handler().handle(new OperatorRequest(context, body)));
      } else {
        endpoint.handler().handle(new OperatorRequest(context, NOTHING));
      }
    }

    /** A form is short: whoever sends more is not answered. */
    private static void read(RoutingContext context, Handler<Buffer> then) {
      HttpServerRequest request = context.request();
      Buffer body = Buffer.buffer();
      request
          .handler(
              chunk -> {
                if (body.length() + chunk.length() > MOST_BODY) {
                  Disconnect.now(Disconnect.channel(request.connection()));
                } else {
                  body.appendBuffer(chunk);
                }
              })
          .endHandler(end -> then.handle(body));
    }

    @Override
    public void wrongMethod(RoutingContext context, String description) {
      refuse(context, 405, description);
    }

    @Override
    public void unknownPath(RoutingContext context, String description) {
      refuse(context, 404, description);
    }

    /** In the shape of the main door's answers. */
    private static void refuse(RoutingContext context, int status, String description) {
      String body =
          "{\"code\":%s,\"description\":\"%s\",\"data\":\"\"}".formatted(status, description);
      new Page(status, JSON, Buffer.buffer(body)).answer(context);
    }
  }
}
