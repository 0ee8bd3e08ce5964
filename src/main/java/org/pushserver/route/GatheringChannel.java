// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The client's end of a connection, which flushes once in a turn of its event loop: at the end. */
final class GatheringChannel extends NioSocketChannel {
  private final Runnable endOfTurn = this::flushNow;
  private boolean due;

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
}
