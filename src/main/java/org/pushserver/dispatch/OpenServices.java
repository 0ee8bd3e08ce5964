// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/**
 * The push services of one application that are open, or being opened: one, or two while it
 * changes. Confined to one event loop.
 */
final class OpenServices {
  /** Why one is not opened any more. */
  static final String STOPPED = "the application has stopped";

  /** How long a changed application goes on as before while its new connection is being made. */
  private static final Duration SWITCH_LIMIT = Duration.ofSeconds(5);

  /** One that never opens must not hold up the changes of all others. */
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Time time;
  private final Runnable changed;
  private final Set<PushService> services = new HashSet<>();

  /** Completes when the service that is to come next is ready. */
  private Promise<Void> ready = Promise.promise();

  private boolean stopped;

  /**
   * @param changed called when the window or condition of one has changed
   */
  OpenServices(Vertx vertx, Time time, Runnable changed) {
    this.vertx = vertx;
    this.time = time;
    this.changed = changed;
  }

  /** Opens one. What it throws counts as failed, and so does waiting for it in vain. */
  Future<Void> open(PushService service) {
    return open(service, changed);
  }

  private Future<Void> open(PushService service, Runnable onChange) {
    services.add(service);
    Promise<Void> opened = Promise.promise();
    long limit =
        time.timer(
            OPEN_LIMIT.toMillis(),
            () -> opened.tryFail("its push service has not opened within 10 s"));
    Future.succeededFuture()
        .compose(begin -> service.open(vertx, time, onChange))
        .onComplete(done -> time.cancel(limit))
        .onComplete(done -> opened.tryComplete(), opened::tryFail);
    return opened.future();
  }

  /**
   * Opens the one that is to come next.
   *
   * @return completes when it has a connection or no hope of one soon, at the latest after 5 s;
   *     fails when it cannot be opened, or all are closed meanwhile
   */
  Future<Void> openUntilReady(PushService service) {
    Promise<Void> now = Promise.promise();
    ready = now;
    Runnable onChange =
        () -> {
          changed.run();
          if (service.condition().state() != State.CONNECTING) {
            now.tryComplete();
          }
        };
    long limit = time.timer(SWITCH_LIMIT.toMillis(), now::tryComplete);
    return open(service, onChange)
        .onSuccess(opened -> onChange.run())
        .compose(opened -> stopped ? Future.failedFuture(STOPPED) : now.future())
        .onComplete(done -> time.cancel(limit));
  }

  /** Closes one, unless that was done before. */
  Future<Void> close(PushService service) {
    return services.remove(service) ? service.close() : Future.succeededFuture();
  }

  /** Closes all. */
  Future<?> closeAll() {
    stopped = true;
    ready.tryFail(STOPPED);
    return Future.join(Set.copyOf(services).stream().map(this::close).toList());
  }
}
