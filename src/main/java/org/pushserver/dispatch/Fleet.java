// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticles of all applications, and the way to them over the event bus. Any event loop. */
public final class Fleet implements Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

  /** How much longer than the verticle the bus waits: the verticle's own word is the better one. */
  private static final long GRACE_MS = 5_000;

  private record Running(Worker worker, String deploymentId) {}

  private final Vertx vertx;
  private final EventBus bus;
  private final Time time;
  private final Catalog catalog;
  private final Duration drainTimeout;
  private final Map<AppKey, Running> running = new ConcurrentHashMap<>();

  /**
   * @param drainTimeout how long accepted pushes are worked on when the fleet is closed
   */
  public Fleet(Vertx vertx, Time time, Catalog catalog, Duration drainTimeout) {
    this.vertx = vertx;
    this.time = time;
    this.catalog = catalog;
    this.drainTimeout = drainTimeout;
    this.bus = vertx.eventBus();
    bus.registerDefaultCodec(Job.class, new ByReference<>(Job.class));
    bus.registerDefaultCodec(Outcome.class, new ByReference<>(Outcome.class));
  }

  /**
   * Starts a verticle for each application.
   *
   * @return completes when all have started; one that cannot start is logged and left out
   */
  public Future<Void> start(Crew crew) {
    return Future.join(crew.workers().stream().map(this::start).toList()).mapEmpty();
  }

  private Future<Void> start(Worker worker) {
    return vertx
        .deployVerticle(new AppVerticle(worker, time, drainTimeout))
        .onSuccess(id -> running.put(worker.application().key(), new Running(worker, id)))
        .recover(
            cause -> {
              LOG.error("application [{}] did not start", worker.application().section(), cause);
              return Future.succeededFuture();
            })
        .mapEmpty();
  }

  /** How many applications run. */
  public int size() {
    return running.size();
  }

  @Override
  public Optional<Application> application(AppKey key) {
    Running one = running.get(key);
    return one == null ? Optional.empty() : Optional.of(one.worker().application());
  }

  @Override
  public boolean hasPlatform(String platform) {
    return catalog.hasPlatform(platform);
  }

  @Override
  public Future<Outcome> deliver(Push push) {
    return request(push, true).map(Message::body).otherwise(cause -> lost(cause));
  }

  @Override
  public Future<Optional<Outcome>> accept(Push push) {
    return request(push, false)
        .map(reply -> Optional.ofNullable(reply.body()))
        .otherwise(cause -> Optional.of(lost(cause)));
  }

  private Future<Message<Outcome>> request(Push push, boolean wait) {
    Running one = running.get(push.app());
    if (one == null) {
      return Future.failedFuture("application " + push.app() + " has gone");
    }
    Duration lastAttempt = one.worker().application().delivery().requestTimeout();
    long timeout = push.remaining(time.now()) + lastAttempt.toMillis() + GRACE_MS;
    DeliveryOptions options = new DeliveryOptions().setLocalOnly(true).setSendTimeout(timeout);
    return bus.request(one.worker().address(), new Job(push, wait), options);
  }

  private static Outcome lost(Throwable cause) {
    if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT) {
      LOG.error("an application's verticle did not answer in time", cause);
      return new Outcome(Result.EXPIRED, new Response(504, "expired", "", "{}"), 0);
    }
    return new Outcome(
        Result.OVERLOADED, new Response(503, "the application is not running", "", "{}"), 0);
  }

  /**
   * Stops all applications; completes when their pushes have ended or the drain time-out has
   * passed. They stay known, so that what comes meanwhile is told to come again, not that it is
   * unknown.
   */
  public Future<Void> close() {
    return Future.join(
            running.values().stream().map(one -> vertx.undeploy(one.deploymentId())).toList())
        .mapEmpty();
  }
}
