// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import org.pushserver.spi.Time;

/**
 * How a connection is closed. After an orderly close the kernel still delivers what it has not sent
 * yet, for minutes, and a phone would ring that was given up long ago. So every connection is made
 * with {@link #FORGET_UNSENT}, however it may end, and only one whose requests have all been
 * answered is closed in the orderly way. Event loop only.
 */
final class Closing {
  /** SO_LINGER: what the kernel has not sent is dropped, and the peer gets a TCP reset. */
  static final int FORGET_UNSENT = 0;

  private static final int DELIVER_UNSENT = -1;

  /** For a goodbye. */
  private static final long ORDERLY_MS = 5000;

  private static final long NONE = -1;

  private final HttpClientAgent agent;
  private final HttpClientConnection wire;
  private final Time time;
  private final Channel channel;
  private final Promise<Void> end = Promise.promise();
  private long timer = NONE;

  /**
   * @param agent made the wire and nothing else; it is closed with it
   * @param closed called when it has closed, whoever closed it
   */
  Closing(HttpClientAgent agent, HttpClientConnection wire, Time time, Runnable closed) {
    this.agent = agent;
    this.wire = wire;
    this.time = time;
    // What is returned is the connection below; nothing else of Vert.x leads to its channel.
    var below = wire.closeHandler(done -> closed(closed));
    this.channel = ((ConnectionBase) below).channel();
  }

  /** Closes one that {@link #owesNothing}. */
  void inOrder() {
    owesNothing();
    var unused = wire.shutdown(ORDERLY_MS, TimeUnit.MILLISECONDS);
  }

  /**
   * Closes it when its last request has ended.
   *
   * @param latestMs then it is closed all the same: a request that could not even tell the peer
   *     that it has ended keeps it open
   */
  void whenDone(long latestMs) {
    var unused = wire.shutdown(2 * latestMs, TimeUnit.MILLISECONDS);
    timer = time.timer(latestMs, this::now);
  }

  /** To be called when all its requests have been answered, and there will be no more. */
  void owesNothing() {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, DELIVER_UNSENT);
    }
  }

  /** Closes it now, with all that Netty and the kernel have not sent yet. */
  void now() {
    // Below TLS and HTTP/2, which would wait until they have said goodbye.
    channel.unsafe().close(channel.newPromise());
  }

  private void closed(Runnable closed) {
    time.cancel(timer);
    closed.run();
    agent.close().onComplete(done -> end.tryComplete());
  }

  /** Completes when nothing is left of it; does not fail. */
  Future<Void> end() {
    return end.future();
  }
}
