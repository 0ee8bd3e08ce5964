// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.impl.MessageConsumerImpl;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.pushserver.events.ApplicationListener;
import org.pushserver.events.PushListener;
import org.pushserver.push.Push;
import org.pushserver.queue.ActiveService;
import org.pushserver.queue.Meanwhile;
import org.pushserver.queue.PushCaller;
import org.pushserver.queue.PushCounts;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.queue.SendQueue;
import org.pushserver.queue.TakenUp;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verticle of one application: takes its pushes from the event bus into its send queue, and
 * gives the send queue a push service to send them with, and another one when the configuration has
 * changed.
 */
final class AppVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(AppVerticle.class);

  private final String address;
  private final Time time;
  private final QueueMemory memory;
  private final PushStore store;
  private final RepeatGuard guard;
  private final Supplier<Duration> drainTimeout;
  private final Predicate<Push> isOver;

  private ApplicationParts parts;

  /** Of this application alone, whatever its own listener. */
  private PushListener listener;

  /** Those that are told now. */
  private PushListener told;

  private OpenServices services;
  private SendQueue sendQueue;
  private MessageConsumer<Job> consumer;
  private volatile Status status;

  private boolean stopped;
  private volatile boolean removed;

  /**
   * @param address where on the event bus its pushes come in
   * @param memory what its pushes share with those of other applications
   * @param store what keeps its pushes, and those of other applications
   * @param guard knows which rings may be pushed once more
   * @param drainTimeout how long to go on with accepted pushes when undeployed
   * @param isOver told of each push that is taken up: whether it need not be sent, as a ring that a
   *     cancel has overtaken. Any thread
   */
  AppVerticle(
      ApplicationParts parts,
      String address,
      Time time,
      PushListener listener,
      QueueMemory memory,
      PushStore store,
      RepeatGuard guard,
      Supplier<Duration> drainTimeout,
      Predicate<Push> isOver) {
    this.parts = parts;
    this.address = address;
    this.time = time;
    this.listener = listener;
    this.memory = memory;
    this.store = store;
    this.guard = guard;
    this.drainTimeout = drainTimeout;
    this.isOver = isOver;
  }

  @Override
  public Future<?> start() {
    listener = listener.of(parts.application());
    told = begin(parts.applicationListener());
    sendQueue =
        new SendQueue(
            active(parts),
            parts.application().tokens(),
            time,
            told,
            memory,
            store,
            guard,
            task -> context.runOnContext(turn -> task.run()));
    services = new OpenServices(vertx, time, this::changed);
    return services
        .open(parts.service())
        .compose(
            opened -> {
              status = Status.of(parts, time.now());
              told.stands(status.condition());
              return takeUpLeft();
            })
        .compose(
            takenUp -> {
              consumer = vertx.eventBus().localConsumer(address, this::take);
              tellUntaken(consumer);
              return consumer.completion();
            })
        // A verticle that does not start is never stopped.
        .recover(
            cause ->
                services
                    .close(parts.service())
                    .eventually(this::leave)
                    .transform(ended -> Future.failedFuture(cause)));
  }

  /** What cannot be read stays where it is: new pushes are not to suffer for it. */
  private Future<Void> takeUpLeft() {
    return store
        .left(parts.application().key())
        .otherwise(
            cause -> {
              LOG.error(
                  "[{}] the pushes that were kept cannot be read: {}",
                  parts.application().section(),
                  Reason.of(cause));
              LOG.debug("the cause", cause);
              return List.of();
            })
        .compose(left -> onLoop(() -> sendQueue.takeUp(left, isOver)));
  }

  /** Takes up what has come into the store since it started. Any thread. */
  void takeUpLater() {
    onLoop(() -> stopped ? Future.succeededFuture() : takeUpLeft())
        .onFailure(cause -> LOG.debug("the cause", cause));
  }

  private static ActiveService active(ApplicationParts parts) {
    return new ActiveService(parts.application().delivery(), parts.payloads(), parts.service());
  }

  private Future<Void> leave() {
    listener.left();
    return end(parts.applicationListener());
  }

  /** Without a listener that does not open: it must not be the application's misfortune. */
  private PushListener begin(ApplicationListener applicationListener) {
    try {
      applicationListener.open(vertx, time);
      return PushListener.all(listener, applicationListener.listener());
    } catch (RuntimeException | Error e) {
      failed(e);
      return PushListener.all(listener);
    }
  }

  private Future<Void> end(ApplicationListener applicationListener) {
    return Future.succeededFuture()
        .compose(begin -> applicationListener.close())
        .otherwise(
            cause -> {
              failed(cause);
              return null;
            });
  }

  private void failed(Throwable cause) {
    LOG.error(
        "[{}] reports to its collectors failed: {}; pushes are not affected",
        parts.application().section(),
        Reason.of(cause));
    LOG.debug("the cause", cause);
  }

  /** The service's window or condition has changed. */
  private void changed() {
    sendQueue.sendWhatMayGo();
    Status before = status;
    if (before != null) {
      status = before.after(parts, time.now());
      if (!status.condition().equals(before.condition())) {
        told.stands(status.condition());
      }
    }
  }

  /** How it stands with its push service; null before it has started. Any thread. */
  Status status() {
    return status;
  }

  /** What is on its way when the verticle stops is discarded by Vert.x, and nobody else told. */
  private static void tellUntaken(MessageConsumer<Job> consumer) {
    ((MessageConsumerImpl<Job>) consumer).discardHandler(message -> message.body().lost());
  }

  private void take(Message<Job> message) {
    Job job = message.body();
    switch (job.task()) {
      case SEND -> sendQueue.take(job.push(), job);
      case END -> sendQueue.end(job.push(), job);
      case WITHDRAW -> {
        boolean unused = sendQueue.withdraw(job.push(), job, job::nothingToWithdraw);
      }
    }
  }

  /** As {@link SendQueue#hasEqual}. Any thread. */
  Future<Boolean> hasEqual(Push push) {
    return onLoop(() -> Future.succeededFuture(sendQueue.hasEqual(push)));
  }

  /** As {@link SendQueue#share}. Any thread. */
  Future<Boolean> share(Push push, PushCaller caller) {
    return onLoop(() -> Future.succeededFuture(!stopped && sendQueue.share(push, caller)));
  }

  /** As {@link SendQueue#endRings}, also when it takes nothing any more. Any thread. */
  void endRings(Push cancel) {
    context.runOnContext(turn -> sendQueue.endRings(cancel));
  }

  /**
   * Takes up what another server has left. Any thread.
   *
   * @param meanwhile what is known of these
   */
  void takeUp(List<TakenUp> left, Meanwhile meanwhile) {
    context.runOnContext(turn -> sendQueue.takeUpFromOther(left, meanwhile.or(isOver)));
  }

  /** As {@link SendQueue#takeUpIfRoom}. Any thread. */
  Future<List<TakenUp>> takeUpIfRoom(List<TakenUp> offered, Meanwhile meanwhile) {
    return onLoop(() -> sendQueue.takeUpIfRoom(offered, meanwhile.or(isOver)));
  }

  /**
   * Goes on after what other servers have taken over has been ended. Any thread.
   *
   * @return completes when none of that is sent any more
   */
  Future<Void> goOnWithout(Set<UUID> takenOver) {
    return onLoop(
        () -> {
          sendQueue.takenOver(takenOver);
          sendQueue.sendWhatMayGo();
          return Future.succeededFuture();
        });
  }

  /**
   * Goes on with other parts, as soon as its push service is ready; until then as before. What
   * waits is kept, in its order. Any thread.
   *
   * @param leaving takes a future that completes when the old push service has closed
   * @return completes when new attempts are the new parts'; fails when its service cannot be
   *     opened, and then nothing has changed
   */
  Future<Void> switchTo(ApplicationParts next, Consumer<Future<Void>> leaving) {
    return onLoop(
        () ->
            stopped
                ? Future.failedFuture(OpenServices.STOPPED)
                : services
                    .openUntilReady(next.service())
                    .onSuccess(done -> change(next, leaving))
                    .recover(
                        cause ->
                            services
                                .close(next.service())
                                .eventually(() -> end(next.applicationListener()))
                                .transform(end -> Future.failedFuture(cause))));
  }

  private void change(ApplicationParts next, Consumer<Future<Void>> leaving) {
    ApplicationParts old = parts;
    parts = next;
    listener = listener.of(next.application());
    told = begin(next.applicationListener());
    leaving.accept(
        sendQueue
            .switchTo(active(next), told)
            .compose(idle -> services.close(old.service()))
            .eventually(() -> end(old.applicationListener())));
    changed();
  }

  /** What became of its pushes. Any thread; also after it has stopped. */
  Future<PushCounts> counts() {
    return onLoop(() -> Future.succeededFuture(sendQueue.counts()));
  }

  /** One look at it. Any thread; also after it has stopped. */
  Future<ApplicationSnapshot> snapshot() {
    return onLoop(
        () ->
            Future.succeededFuture(
                new ApplicationSnapshot(
                    status,
                    sendQueue.counts(),
                    sendQueue.calls(),
                    sendQueue.others(),
                    parts.service().connections(),
                    parts.service().tokenExpiry().orElse(null))));
  }

  /** Does something on this verticle's event loop. */
  private <T> Future<T> onLoop(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    // Composed, so that it also ends when the action throws.
    context.runOnContext(
        turn -> Future.succeededFuture().compose(now -> action.get()).onComplete(promise));
    return promise.future();
  }

  /** To be called before it is undeployed because the application exists no more. Any thread. */
  void remove() {
    removed = true;
  }

  /** Stops to accept, then goes on with what was accepted, for a bounded time. */
  @Override
  public Future<?> stop() {
    return (consumer == null ? Future.succeededFuture() : consumer.unregister())
        .eventually(this::drain)
        .eventually(this::closeServices)
        .eventually(this::leave);
  }

  private Future<?> closeServices() {
    stopped = true;
    return services.closeAll();
  }

  private Future<Void> drain() {
    int code = removed ? 404 : 503;
    String why =
        removed ? "the application is no longer configured" : "the server is shutting down";
    return (removed ? sendQueue.abandonWaiting(code, why) : handOver())
        .onSuccess(this::tellLeft)
        .compose(waiting -> sendQueue.drain(drainTimeout.get()))
        .eventually(() -> sendQueue.giveUp(code, why).onSuccess(this::tellGivenUp));
  }

  /** Of the same application there may be another one at another server. */
  private Future<Integer> handOver() {
    sendQueue.handOver();
    return Future.succeededFuture(0);
  }

  private void tellGivenUp(int all) {
    if (sendQueue.handedOver() > 0) {
      LOG.info(
          "[{}] other servers go on with {} pushes that waited here",
          parts.application().section(),
          sendQueue.handedOver());
    }
    int kept = sendQueue.leftBehind();
    tellLeft(all - kept);
    if (kept > 0) {
      LOG.info(
          "[{}] {} pushes stay in the spool: the next start goes on with them",
          parts.application().section(),
          kept);
    }
  }

  private void tellLeft(int left) {
    if (left > 0) {
      LOG.warn(
          "[{}] {} pushes were left when the application stopped: their callers were told",
          parts.application().section(),
          left);
    }
  }
}
