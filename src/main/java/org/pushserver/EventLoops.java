// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The event loops of a {@link Vertx}, of which a program that has the server within it may have any
 * number. Vert.x gives them out in turn, and to whoever asks. Any thread.
 */
final class EventLoops {
  private EventLoops() {}

  /** How many there are. */
  static int count(Vertx vertx) {
    return contexts(vertx).size();
  }

  /** A context on each of them, which belongs to no deployment. */
  static List<Context> contexts(Vertx vertx) {
    VertxInternal internal = (VertxInternal) vertx;
    return StreamSupport.stream(internal.nettyEventLoopGroup().spliterator(), false)
        .<Context>map(loop -> internal.contextBuilder().withEventLoop((EventLoop) loop).build())
        .toList();
  }

  /** A context on one of them, which belongs to no deployment, whoever asks. */
  static Context context(Vertx vertx) {
    return ((VertxInternal) vertx).createEventLoopContext();
  }
}
