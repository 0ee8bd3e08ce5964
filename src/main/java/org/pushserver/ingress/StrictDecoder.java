// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Vert.x's decoder of HTTP/1.1 requests, but for one thing: of a request that states its length in
 * two ways it keeps both, so that {@link Framing} sees them. Netty takes the one away silently.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  private static final String NAME = "httpDecoder";

  private StrictDecoder(HttpServerOptions options) {
    super(options);
  }

  /** Takes the other's place in a connection on which nothing has been read yet. */
  static void install(Channel channel, HttpServerOptions options) {
    // A connection that speaks HTTP/2 has none.
    if (channel.pipeline().get(NAME) != null) {
      channel.pipeline().replace(NAME, NAME, new StrictDecoder(options));
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    // Both stay.
  }
}
