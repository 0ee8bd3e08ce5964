// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.pushserver.dispatch.Job.Task;
import org.pushserver.events.Application;
import org.pushserver.events.PushListener;
import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.Meanwhile;
import org.pushserver.queue.PushCaller;
import org.pushserver.queue.PushCounts;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.queue.TakenUp;
import org.pushserver.spi.Time;

/** All applications, and the way to their verticles over the event bus. Any event loop. */
public final class Fleet implements Dispatcher, RunningApplications {
  /** As long as this, or until its first applications run, it is starting: milliseconds. */
  private static final long STARTING_MS = 5_000;

  private final JobBus bus;
  private final Deployments deployments;
  private final Time time;
  private final long since;
  private final Results results;
  private final QueueMemory memory;
  private final RepeatGuard guard;
  private final RungDevices rung;
  private final UnseenPushes unseen;
  private final PlatformNames platforms = new PlatformNames();
  private volatile Catalog catalog = new Catalog(List.of(), List.of());
  private volatile List<DisabledSection> disabled = List.of();
  private volatile Duration drainTimeout;
  private volatile boolean hasStarted;

  /**
   * @param listener told what becomes of each push
   * @param drainTimeout how long accepted pushes are worked on when the fleet is closed
   * @param memory what the pushes of all applications may take together
   * @param store what keeps them
   * @param guard knows which rings may be pushed once more, and is told of calls that are over
   * @param resultsAddress where on the event bus the end of each push is published
   */
  public Fleet(
      Vertx vertx,
      Time time,
      PushListener listener,
      Duration drainTimeout,
      QueueMemory memory,
      PushStore store,
      RepeatGuard guard,
      String resultsAddress) {
    this.time = time;
    this.since = time.millis();
    this.results = new Results(vertx, resultsAddress);
    this.rung = new RungDevices(time);
    PushListener all = PushListener.all(listener, results, rung);
    this.unseen = new UnseenPushes(all, time);
    this.memory = memory;
    this.guard = guard;
    this.drainTimeout = drainTimeout;
    this.bus = new JobBus(vertx);
    this.deployments =
        new Deployments(
            vertx,
            bus,
            (parts, address) ->
                new AppVerticle(
                    parts,
                    address,
                    time,
                    all,
                    memory,
                    store,
                    guard,
                    () -> this.drainTimeout,
                    rung::isOver));
  }

  /**
   * Makes the applications equal to a configuration. Those that are kept notice nothing. One that
   * has changed goes on as before until its new connection stands, and takes along what waits. One
   * that exists no more answers what waits and ends.
   *
   * @param newCatalog what the applications are made of from now on
   * @param prepared the applications that are new or have changed
   * @param kept those that go on as they are
   * @return completes when new pushes meet the new configuration, with the keys of the prepared
   *     applications that run so; one that cannot start, or cannot change, is logged. Fails, and
   *     changes nothing, when the fleet has been closed
   */
  public Future<Set<AppKey>> update(
      Catalog newCatalog, PreparedApplications prepared, Set<AppKey> kept) {
    Set<AppKey> wanted = new HashSet<>(kept);
    prepared.applications().forEach(application -> wanted.add(application.key()));
    if (!deployments.retain(wanted)) {
      return Future.failedFuture("the applications have been closed");
    }
    catalog = newCatalog;
    platforms.update(newCatalog.platforms(), deployments.keys());
    return deployments.apply(prepared.parts()).onComplete(done -> hasStarted = true);
  }

  /** Completes when all that has been replaced or removed so far has ended; does not fail. */
  public Future<Void> settled() {
    return deployments.settled();
  }

  /**
   * Says how long accepted pushes are worked on when the fleet is closed, or an application is
   * removed.
   */
  public void drainTimeout(Duration timeout) {
    drainTimeout = timeout;
  }

  /** What the pushes of all applications may take together. */
  public QueueMemory memory() {
    return memory;
  }

  /** What became of an application's pushes; fails when it is not known. */
  public Future<PushCounts> counts(AppKey key) {
    Running one = deployments.find(key);
    return one == null ? Future.failedFuture("no application " + key) : one.verticle().counts();
  }

  @Override
  public List<Status> statuses() {
    return deployments.all().stream()
        .map(one -> one.verticle().status())
        .sorted(Comparator.comparing(status -> status.application().key().toString()))
        .toList();
  }

  @Override
  public Future<List<ApplicationSnapshot>> snapshots() {
    return ApplicationSnapshot.inTime(
        deployments.all().stream().map(one -> one.verticle().snapshot()).toList());
  }

  @Override
  public boolean isClosing() {
    return deployments.isClosed();
  }

  /** Whether its first applications may come yet; not for longer than a few seconds. */
  public boolean isStarting() {
    return !hasStarted && time.millis() - since < STARTING_MS;
  }

  /** How many applications run. */
  public int size() {
    return deployments.keys().size();
  }

  @Override
  public Optional<Application> application(AppKey key) {
    Running one = deployments.find(key);
    return one == null ? Optional.empty() : Optional.of(one.application());
  }

  @Override
  public Optional<AppKey> alias(AppKey name) {
    return deployments.alias(name);
  }

  @Override
  public Optional<DisabledSection> disabled(AppKey key) {
    return DisabledSection.meant(disabled, key);
  }

  @Override
  public List<DisabledSection> disabled() {
    return disabled;
  }

  /** Says which sections no application runs from. */
  public void disabled(List<DisabledSection> sections) {
    disabled = List.copyOf(sections);
  }

  @Override
  public String platform(String name) {
    return platforms.canonical(name);
  }

  @Override
  public boolean hasPlatform(String platform) {
    return catalog.hasPlatform(platform);
  }

  @Override
  public Future<Outcome> deliver(Push push) {
    return ask(push, true).otherwise(cause -> unseen.lost(push));
  }

  @Override
  public Future<Optional<Outcome>> accept(Push push) {
    return seen(push, ask(push, false));
  }

  private Future<Optional<Outcome>> seen(Push push, Future<Outcome> end) {
    return end.map(Optional::ofNullable).otherwise(cause -> Optional.of(unseen.lost(push)));
  }

  /** Ends a ring that its cancel has overtaken. {@return as those above} */
  public Future<Optional<Outcome>> end(Push ring, boolean untilEnd) {
    return seen(ring, hand(ring, Task.END, untilEnd));
  }

  /**
   * Takes up what another server has left, whether there is room for it or not.
   *
   * @param key whose pushes they all are
   * @param left in the order in which they came there
   * @param meanwhile what is known of these
   */
  public void takeUp(AppKey key, List<TakenUp> left, Meanwhile meanwhile) {
    Running one = deployments.find(key);
    if (one == null || isClosing()) {
      left.forEach(each -> each.caller().ended(unseen.lost(each.kept().push())));
    } else {
      one.verticle().takeUp(left, meanwhile);
    }
  }

  /**
   * Takes up what another server offers, and has still, as far as there is room for it.
   *
   * @param key whose pushes they all are
   * @param offered in the order in which they are to be sent
   * @param meanwhile what is known of these
   * @return completes with those that it does not take
   */
  public Future<List<TakenUp>> takeUpIfRoom(
      AppKey key, List<TakenUp> offered, Meanwhile meanwhile) {
    Running one = deployments.find(key);
    return one == null || isClosing()
        ? Future.succeededFuture(offered)
        : one.verticle().takeUpIfRoom(offered, meanwhile);
  }

  /** Whether one that says the same is on its way here. */
  public Future<Boolean> hasEqual(Push push) {
    Running one = deployments.find(push.app());
    return one == null ? Future.succeededFuture(false) : one.verticle().hasEqual(push);
  }

  /**
   * Takes a push when one that says the same is on its way here, whose end it shares: also when
   * this server takes nothing else any more.
   *
   * @return completes with false when there is none; then its caller is told nothing
   */
  public Future<Boolean> share(Push push, PushCaller caller) {
    Running one = deployments.find(push.app());
    return one == null ? Future.succeededFuture(false) : one.verticle().share(push, caller);
  }

  /**
   * Ends what other servers go on with, and sends what may be sent.
   *
   * @param takenOver the ids of those pushes
   * @return completes when none of them is sent any more
   */
  public Future<Void> goOnWithout(Set<UUID> takenOver) {
    return Future.join(
            deployments.all().stream().map(one -> one.verticle().goOnWithout(takenOver)).toList())
        .mapEmpty();
  }

  /** Noted before anybody else sees it: a cancel that comes next is to find it. */
  private Future<Outcome> ask(Push push, boolean untilEnd) {
    return hand(push, rung.isOver(push) ? Task.END : Task.SEND, untilEnd);
  }

  private Future<Outcome> hand(Push push, Task task, boolean untilEnd) {
    if (push.event().kind() == Kind.CANCEL) {
      // Who cancels for one phone mostly says that another has answered.
      guard.over(push.callId(), app -> true);
    }
    Running one = deployments.find(push.app());
    if (one == null) {
      return Future.failedFuture("application " + push.app() + " has gone");
    }
    Future<Outcome> end = bus.hand(one.jobs(), push, task, untilEnd);
    return push.event().kind() == Kind.CANCEL ? end.onFailure(lost -> endRings(push)) : end;
  }

  /**
   * Ends the rings that a cancel is for and that wait here still, when this server takes nothing
   * any more. Whoever has the others has to be told, too.
   */
  public void endRings(Push cancel) {
    Running one = deployments.find(cancel.app());
    if (one != null) {
      one.verticle().endRings(cancel);
    }
  }

  /** The ends of pushes that no application of it has seen. */
  public UnseenPushes unseen() {
    return unseen;
  }

  /** Lets the applications take up what the store has got for them meanwhile. */
  public void takeUpLeft() {
    deployments.all().forEach(one -> one.verticle().takeUpLater());
  }

  @Override
  public Future<Optional<Outcome>> withdraw(Push cancel) {
    return hand(cancel, Task.WITHDRAW, true)
        .map(Optional::ofNullable)
        // What ends with its application rings no more.
        .otherwise(Optional.empty());
  }

  @Override
  public Future<List<RungDevice>> cancel(CallCancel cancel) {
    guard.over(cancel.callId(), cancel.allowed());
    return Future.succeededFuture(rung.cancel(cancel));
  }

  @Override
  public void answered(Push ring) {
    rung.answered(ring);
  }

  @Override
  public Future<Boolean> left(Push ring) {
    return Future.succeededFuture(rung.left(ring));
  }

  /**
   * Stops all applications; completes when their pushes have ended or the drain time-out has
   * passed. They stay known, so that what comes meanwhile is told to come again, not that it is
   * unknown.
   *
   * @return as said; a second time, the same
   */
  public Future<Void> close() {
    return deployments.close();
  }

  /**
   * Takes away what the event bus would keep for as long as it lives, which may be longer than the
   * server. To be called when it has closed and nobody sends any more.
   */
  public void release() {
    results.close();
    bus.release();
  }
}
