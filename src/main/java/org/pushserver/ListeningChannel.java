// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that is listened on. The clients who have connected when it is closed are let in first:
 * the kernel would cut them off. Confined to its event loop.
 */
final class ListeningChannel extends NioServerSocketChannel {
  @Override
  protected void doClose() throws Exception {
    try {
      if (isActive()) {
        admitAll();
      }
    } finally {
      super.doClose();
    }
  }

  private void admitAll() throws Exception {
    List<Object> waiting = new ArrayList<>();
    // No more than may wait: others may come as fast as these are let in.
    try {
      for (int most = config().getBacklog(); most > 0 && doReadMessages(waiting) > 0; most--) {
        // The next one.
      }
    } finally {
      // Those are here, even when there is no file handle for the next one.
      waiting.forEach(pipeline()::fireChannelRead);
    }
  }
}
