// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.events;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Time;

/**
 * The listener of one application's pushes alone, which comes and goes with its section: made on a
 * worker thread, then opened, told and closed on the event loop of the application.
 */
public interface ApplicationListener extends PushListener {
  /** Tells nobody. */
  ApplicationListener NONE = new ApplicationListener() {};

  /** Makes the listeners of applications. */
  @FunctionalInterface
  interface Maker {
    /**
     * Reads what the section says about it; may block.
     *
     * @param warnings takes what is wrong with that: it never stops the application
     * @return {@link #NONE} when the application has none
     */
    ApplicationListener make(AppConfig config, Consumer<Problem> warnings);
  }

  /** Whether it is told of requests as they were received, which are then kept until the end. */
  default boolean wantsRequests() {
    return false;
  }

  /** Begins; to be called before it is told anything. */
  default void open(Vertx vertx, Time time) {}

  /** Who is told of the pushes; asked for once, when it is open. */
  default PushListener listener() {
    return this;
  }

  /** Ends, also when it was never opened. Completes when nothing is left, within a few seconds. */
  default Future<Void> close() {
    return Future.succeededFuture();
  }
}
