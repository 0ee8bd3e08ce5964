// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;

/**
 * The results that somebody listens to, until it is closed. One that was begun in a verticle ends
 * with it. Any thread.
 */
public final class ResultSubscription {
  private final MessageConsumer<?> consumer;

  ResultSubscription(MessageConsumer<?> consumer) {
    this.consumer = consumer;
  }

  /**
   * Whether it has begun.
   *
   * @return completes when no further result is missed; within one process that is at once. Fails
   *     when the cluster cannot be told
   */
  public Future<Void> ready() {
    return consumer.completion();
  }

  /**
   * Ends it: no result that comes later is told.
   *
   * @return completes when it has ended; may be called again
   */
  public Future<Void> close() {
    return consumer.unregister();
  }
}
