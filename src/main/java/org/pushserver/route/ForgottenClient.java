// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.impl.CleanableHttpClient;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

/**
 * An HTTP client for a single use, which Vert.x forgets when we do: it would keep each one, with
 * its TLS, for as long as the application runs, closed or not.
 */
public final class ForgottenClient {
  private ForgottenClient() {}

  /**
   * Takes a client from Vert.x, which does not close it any more: its maker must. To be called
   * where it was made.
   */
  public static HttpClientAgent of(HttpClientAgent client, Vertx vertx) {
    ContextInternal context = ((VertxInternal) vertx).getContext();
    CloseFuture keeper =
        context == null ? ((VertxInternal) vertx).closeFuture() : context.closeFuture();
    boolean unused = keeper.remove(((CleanableHttpClient) client).delegate);
    return client;
  }
}
