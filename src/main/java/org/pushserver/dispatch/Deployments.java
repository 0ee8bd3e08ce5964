// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticles of all applications: how they come, change and go. Any event loop. */
final class Deployments {
  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

  private final Vertx vertx;
  private final JobBus bus;
  private final BiFunction<ApplicationParts, String, AppVerticle> maker;
  private final Map<AppKey, Running> running = new ConcurrentHashMap<>();
  private final ApplicationAliases aliases = new ApplicationAliases();
  private final Leaving leaving = new Leaving();
  private volatile boolean closed;
  private Future<Void> end;

  /**
   * @param bus the way to them
   * @param maker makes the verticle of an application, whose pushes come in at an address
   */
  Deployments(Vertx vertx, JobBus bus, BiFunction<ApplicationParts, String, AppVerticle> maker) {
    this.vertx = vertx;
    this.bus = bus;
    this.maker = maker;
  }

  /** The application of a key; null when there is none. */
  Running find(AppKey key) {
    return running.get(key);
  }

  /** The application that has a name beside its own. */
  Optional<AppKey> alias(AppKey name) {
    return aliases.find(name);
  }

  Collection<Running> all() {
    return running.values();
  }

  Set<AppKey> keys() {
    return running.keySet();
  }

  /** Removes all others; false when it is too late. */
  synchronized boolean retain(Set<AppKey> wanted) {
    if (!closed) {
      List.copyOf(running.keySet()).stream()
          .filter(key -> !wanted.contains(key))
          .forEach(this::remove);
    }
    return !closed;
  }

  /** From this moment on nobody finds it. What it holds delays no other change. */
  private void remove(AppKey key) {
    Running one = running.remove(key);
    aliases.remove(one.application());
    one.verticle().remove();
    leaving.add(vertx.undeploy(one.deployment()));
  }

  /**
   * Starts applications, or changes them.
   *
   * @return completes when that is done, with the keys of those that run so; the others are logged
   */
  Future<Set<AppKey>> apply(List<ApplicationParts> all) {
    Set<AppKey> applied = ConcurrentHashMap.newKeySet();
    return Future.join(
            all.stream()
                .map(parts -> apply(parts).onSuccess(done -> applied.add(key(parts))))
                .toList())
        .transform(done -> Future.succeededFuture(applied));
  }

  private static AppKey key(ApplicationParts parts) {
    return parts.application().key();
  }

  private Future<Void> apply(ApplicationParts parts) {
    Running one = running.get(key(parts));
    return one == null ? start(parts) : change(one, parts);
  }

  private Future<Void> start(ApplicationParts parts) {
    Application application = parts.application();
    String address = "pushserver.app." + UUID.randomUUID();
    AppVerticle verticle = maker.apply(parts, address);
    return vertx
        .deployVerticle(new ForgettableVerticle(verticle))
        .compose(
            id ->
                admit(new Running(application, verticle, bus.to(address), id))
                    ? Future.<Void>succeededFuture()
                    : vertx.undeploy(id).compose(gone -> Future.failedFuture("told to stop")))
        .onFailure(cause -> failed(application, "did not start", cause));
  }

  /** Lets pushes find it; false when nobody would stop it any more. */
  private synchronized boolean admit(Running one) {
    if (!closed) {
      running.put(one.application().key(), one);
      aliases.add(one.application());
    }
    return !closed;
  }

  private Future<Void> change(Running one, ApplicationParts parts) {
    Application application = parts.application();
    return one.verticle()
        .switchTo(parts, leaving::add)
        .onSuccess(
            changed ->
                running.computeIfPresent(
                    application.key(), (key, before) -> changed(before, application)))
        .onFailure(cause -> failed(application, "goes on as before, the change failed", cause));
  }

  private static void failed(Application application, String what, Throwable cause) {
    LOG.error("application [{}] {}: {}", application.section(), what, Reason.of(cause));
    LOG.debug("the cause", cause);
  }

  private Running changed(Running before, Application application) {
    aliases.remove(before.application());
    aliases.add(application);
    return before.with(application);
  }

  /** Completes when all that has been replaced or removed so far has ended; does not fail. */
  Future<Void> settled() {
    return leaving.settled();
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Stops all, which stay known.
   *
   * @return completes when they have; a second time, the same
   */
  synchronized Future<Void> close() {
    if (!closed) {
      closed = true;
      List<Future<Void>> ends = new ArrayList<>(leaving.all());
      running.values().forEach(one -> ends.add(vertx.undeploy(one.deployment())));
      end = Future.join(ends).mapEmpty();
    }
    return end;
  }
}
