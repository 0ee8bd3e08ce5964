// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;

/**
 * A door for the {@link Pages} alone, in plain HTTP: for the operator's tools, which need not be
 * where requests come from. It starts once it listens, and fails to start when the port is taken.
 */
final class AdminVerticle extends VerticleBase {
  private static final int IDLE_S = 60;
  private static final long LAST_ANSWERS_S = 1;

  private final String host;
  private final int port;
  private final Pages pages;
  private HttpServer server;
  private volatile int actualPort;

  /**
   * @param host the address to listen on
   * @param port 0 for any free one
   * @param pages what to show
   */
  AdminVerticle(String host, int port, Pages pages) {
    this.host = host;
    this.port = port;
    this.pages = pages;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    pages.each((path, page) -> router.get(path).handler(page));
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(host)
                    .setPort(port)
                    .setIdleTimeout(IDLE_S)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS)
                    // What is measured grows with the applications, and is mostly repetition.
                    .setCompressionSupported(true)
                    .setHttp2ClearTextEnabled(false))
            .requestHandler(router);
    return server.listen().onSuccess(listening -> actualPort = listening.actualPort());
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
}
