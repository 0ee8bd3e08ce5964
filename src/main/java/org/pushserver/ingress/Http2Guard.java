// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Watches the streams of one HTTP/2 connection, where Netty opens and closes them: counts them,
 * allows no more than there may be whether or not the client has acknowledged that number, and
 * keeps none whose answer is complete. Confined to the event loop of its connection.
 */
final class Http2Guard extends Http2ConnectionAdapter {
  private final Http2ConnectionHandler codec;
  private final ChannelHandlerContext context;
  private final ClientConnections.Client client;

  private Http2Guard(
      Http2ConnectionHandler codec,
      ChannelHandlerContext context,
      ClientConnections.Client client) {
    this.codec = codec;
    this.context = context;
    this.client = client;
  }

  /**
   * Begins to watch, before the first stream; a connection that speaks HTTP/1.1 has none.
   *
   * @param most streams that may be open at once
   */
  static void watch(Channel channel, ClientConnections.Client client, int most) {
    Http2ConnectionHandler codec = channel.pipeline().get(Http2ConnectionHandler.class);
    if (codec != null) {
      // Netty would hold a client to it only once the client says that it has heard of it.
      codec.connection().remote().maxActiveStreams(most);
      codec
          .connection()
          .addListener(new Http2Guard(codec, channel.pipeline().context(codec), client));
    }
  }

  @Override
  public void onStreamActive(Http2Stream stream) {
    client.requestOpened();
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    client.requestClosed();
  }

  @Override
  public void onStreamHalfClosed(Http2Stream stream) {
    if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
      // After what has arrived already: nearly always the rest of the request is among it.
      context.executor().execute(() -> release(stream));
    }
  }

  /** RFC 9113, 8.1: the answer is complete, and no more of the request is wanted. */
  private void release(Http2Stream stream) {
    if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
      codec.resetStream(context, stream.id(), Http2Error.NO_ERROR.code(), context.voidPromise());
      context.flush();
    }
  }
}
