// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.proxy.HttpProxyHandler;

/**
 * The client's end of a connection, which flushes once in a turn of its event loop: at the end; and
 * which takes any success of a proxy for a tunnel.
 */
final class GatheringChannel extends NioSocketChannel {
  private final Runnable endOfTurn = this::flushNow;
  private boolean due;
  private boolean begun;
  private TunnelAnswer tunnel;

  /** Event loop only; which is where Vert.x writes. */
  @Override
  public Channel flush() {
    if (!due) {
      due = true;
      // Behind all that waits for this turn already, other requests among it.
      eventLoop().execute(endOfTurn);
    }
    return this;
  }

  private void flushNow() {
    due = false;
    super.flush();
  }

  @Override
  protected int doReadBytes(ByteBuf buffer) throws Exception {
    int from = buffer.writerIndex();
    int count = super.doReadBytes(buffer);
    if (!begun && count > 0) {
      begun = true;
      tunnel = pipeline().get(HttpProxyHandler.class) == null ? null : new TunnelAnswer();
    }
    if (tunnel != null && tunnel.read(buffer, from, Math.max(0, count))) {
      tunnel = null;
    }
    return count;
  }
}
