// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;

/**
 * Vert.x's decoder of HTTP/1.1 requests, but for two things. Of a request that states its length in
 * two ways it keeps both, so that the door sees them; Netty takes the one away silently. And of
 * requests sent ahead of their turn it makes objects only as far as Vert.x wants them: the rest
 * stays bytes, of which a client can send no more than one read takes. Event loop of the
 * connection.
 */
public final class StrictDecoder extends VertxHttpRequestDecoder {
  private static final String NAME = "httpDecoder";

  /** Vert.x looks only after each batch whether it has enough. */
  private static final int BATCH = 64;

  private int room = BATCH;
  private boolean held;

  private StrictDecoder(HttpServerOptions options) {
    super(options);
  }

  /**
   * Takes the other's place in a connection on which nothing has been read yet.
   *
   * @param options of its server
   * @return false for a connection that speaks HTTP/2, which has none
   */
  @CanIgnoreReturnValue
  public static boolean install(Channel channel, HttpServerOptions options) {
    boolean isThere = channel.pipeline().get(NAME) != null;
    if (isThere) {
      StrictDecoder decoder = new StrictDecoder(options);
      channel.pipeline().replace(NAME, NAME, decoder);
      channel.pipeline().addAfter(NAME, null, decoder.new Pull());
      if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator a) {
        a.maxMessagesPerRead(1);
      }
    }
    return isThere;
  }

  /** Hears when Vert.x wants more, and gives it what is held before anything else is read. */
  private final class Pull extends ChannelOutboundHandlerAdapter {
    @Override
    public void read(ChannelHandlerContext context) {
      if (held) {
        // Not at once: Vert.x is in the middle of something.
        context.executor().execute(() -> goOn(context.channel()));
      } else {
        context.read();
      }
    }
  }

  private void goOn(Channel channel) {
    ChannelHandlerContext context = channel.pipeline().context(this);
    if (context == null) {
      return;
    }
    try {
      decodeHeld(context);
    } catch (Exception e) {
      context.fireExceptionCaught(e);
    }
    if (!held && channel.config().isAutoRead()) {
      channel.read();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out)
      throws Exception {
    if (room == 0) {
      held = true;
      return;
    }
    super.decode(context, bytes, out);
    if (!out.isEmpty()) {
      room--;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (held && !context.channel().config().isAutoRead()) {
      // Netty's would read on, because nothing has come of what was read.
      context.fireChannelReadComplete();
    } else {
      super.channelReadComplete(context);
      decodeHeld(context);
    }
  }

  private void decodeHeld(ChannelHandlerContext context) throws Exception {
    while (held && context.channel().config().isAutoRead() && !context.isRemoved()) {
      held = false;
      room = BATCH;
      super.channelRead(context, Unpooled.EMPTY_BUFFER);
      super.channelReadComplete(context);
    }
    if (!held) {
      room = BATCH;
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    // Both stay.
  }
}
