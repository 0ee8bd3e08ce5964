// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.audit.PushLog;
import org.pushserver.dispatch.Catalog;
import org.pushserver.dispatch.Fleet;
import org.pushserver.dispatch.PreparedApplications;
import org.pushserver.events.ApplicationListener;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.Relay;
import org.pushserver.fake.TestTls;
import org.pushserver.plugin.PluginLoader;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.PushCounts;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.slf4j.LoggerFactory;

/**
 * A fleet of applications with the real push services, its peers on loopback, and the books of what
 * became of each push. Driven from a test's thread; time is moved by hand, the network is not.
 */
final class FaultFixture implements AfterEachCallback {
  static final AppKey PHONE = new AppKey("com.example.phone", AppKey.APPLE);
  static final AppKey OTHER_PHONE = new AppKey("com.example.other", AppKey.APPLE);
  static final AppKey ANDROID = new AppKey("com.example.phone", AppKey.FIREBASE);

  private static final Duration STEP = Duration.ofMillis(250);

  /** Real time for each step in which nothing tells when the network is done: a TLS handshake. */
  private static final long STEP_MS = 20;

  private static final long PATIENCE_SECONDS = 30;

  final ManualTime time = new ManualTime();
  final TestTls tls = TestTls.shared();
  final Books books = new Books();

  /** The peers' own: they outlive the fleet, and share no event loop with it. */
  final Vertx peers = Vertx.vertx();

  private final Vertx vertx;
  private final Fleet fleet;
  private final Catalog catalog =
      Catalog.of(
          new PluginLoader().load(List.of(), List.of(), Path.of("none"), Path.of("none")),
          (config, warnings) -> ApplicationListener.NONE);
  private final List<Context> loops;
  private final Context caller;
  private final List<AppKey> keys = new ArrayList<>();
  private final List<ApnsPeer> apnsPeers = new ArrayList<>();
  private final List<FakeFcm> fcmPeers = new ArrayList<>();

  FaultFixture() {
    this(new VertxOptions());
  }

  FaultFixture(VertxOptions options) {
    // A hundred thousand lines say no more than the books.
    ((Logger) LoggerFactory.getLogger("org.pushserver.push")).setLevel(Level.OFF);
    vertx = Vertx.vertx(options);
    // One context on each event loop: they are given out in turn.
    loops =
        IntStream.range(0, options.getEventLoopPoolSize())
            .<Context>mapToObj(
                i -> ((VertxInternal) vertx).createContext(ThreadingModel.EVENT_LOOP))
            .toList();
    caller = loops.get(0);
    fleet =
        new Fleet(
            vertx,
            time,
            new PushLog(time),
            Duration.ofSeconds(15),
            new QueueMemory(Long.MAX_VALUE),
            PushStore.IN_MEMORY,
            RepeatGuard.NEVER,
            "pushserver.results");
  }

  /** Starts a peer whose books are checked in the end. */
  ApnsPeer apns(int streams) throws Exception {
    return watch(await(new ApnsPeer(peers).start(tls, streams)));
  }

  /** Checks the books of this peer, too. */
  ApnsPeer watch(ApnsPeer peer) {
    apnsPeers.add(peer);
    return peer;
  }

  FakeFcm fcm() throws Exception {
    FakeFcm fcm = await(new FakeFcm(peers).start(tls));
    fcmPeers.add(fcm);
    return fcm;
  }

  Relay relay(int target) throws Exception {
    return await(new Relay(peers, target).start());
  }

  /** An application's configuration for an APNs on this port of localhost. */
  AppConfig apple(AppKey key, int port, Map<String, String> more) {
    return config(
        key,
        Map.of(
            "apple_key",
            tls.clientKey().toString(),
            "key_id",
            "ABC123DEFG",
            "team_id",
            "DEF123GHIJ",
            "apple_push_url",
            "localhost:" + port,
            "apple_ca_file",
            tls.ca().toString()),
        more,
        Delivery.DEFAULT);
  }

  AppConfig apple(int port) {
    return apple(PHONE, port, Map.of());
  }

  AppConfig config(
      AppKey key, Map<String, String> settings, Map<String, String> more, Delivery delivery) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(more);
    return new AppConfig(
        "applications.ini",
        key.toString(),
        key,
        "sylk",
        all,
        tls.ca().toAbsolutePath().getParent(),
        delivery);
  }

  /** Starts these applications; they need not be connected when this returns. */
  void start(AppConfig... applications) throws Exception {
    PreparedApplications prepared = catalog.prepare(List.of(applications));
    assertEquals(
        applications.length, prepared.applications().size(), () -> prepared.problems().toString());
    Set<AppKey> running = await(fleet.update(catalog, prepared, Set.of()));
    assertEquals(applications.length, running.size());
    for (AppConfig application : applications) {
      keys.add(application.key());
    }
  }

  Push ring() {
    return books.ring(PHONE, time.now());
  }

  List<Push> rings(int count) {
    return pushes(Event.INCOMING_SESSION, count);
  }

  List<Push> messages(int count) {
    return pushes(Event.MESSAGE, count);
  }

  private List<Push> pushes(Event event, int count) {
    return IntStream.range(0, count).mapToObj(i -> books.push(PHONE, event, time.now())).toList();
  }

  Future<Outcome> send(Push push) {
    return sendAll(List.of(push)).get(0);
  }

  /** Hands them over in this order, in one turn of a caller's event loop. */
  List<Future<Outcome>> sendAll(List<Push> pushes) {
    List<Promise<Outcome>> ends = new ArrayList<>();
    for (Push push : pushes) {
      Promise<Outcome> end = Promise.promise();
      ends.add(end);
      books.accepted(push, end.future());
    }
    caller.runOnContext(
        turn -> {
          for (int i = 0; i < pushes.size(); i++) {
            fleet.deliver(pushes.get(i)).onComplete(ends.get(i));
          }
        });
    return ends.stream().map(Promise::future).toList();
  }

  /** Hands one over without waiting for its end; the peer's books tell of it. */
  Future<Void> accept(List<Push> pushes) {
    Promise<Void> done = Promise.promise();
    caller.runOnContext(
        turn ->
            Future.all(pushes.stream().map(fleet::accept).toList())
                .onComplete(
                    all -> {
                      for (int i = 0; i < pushes.size(); i++) {
                        books.left(pushes.get(i), all.resultAt(i));
                      }
                      done.complete();
                    },
                    done::fail));
    return done.future();
  }

  /**
   * Waits until what was begun has come as far as it can without time: answers that have gone out
   * are read, and what they set off has arrived.
   */
  void settle() throws Exception {
    turn();
    turn();
    for (ApnsPeer peer : apnsPeers) {
      await(peer.settle());
    }
    turn();
  }

  /** Completes when each event loop of the fleet has done what it had to do. */
  void turn() throws Exception {
    List<Future<Void>> turns = new ArrayList<>();
    for (Context loop : loops) {
      Promise<Void> turn = Promise.promise();
      loop.runOnContext(now -> turn.complete());
      turns.add(turn.future());
    }
    await(Future.all(turns));
  }

  /** Lets time pass step by step, each with all that it sets off. */
  void pass(Duration duration) throws Exception {
    for (long left = duration.toMillis(); left > 0; left -= STEP.toMillis()) {
      await(time.advance(Duration.ofMillis(Math.min(left, STEP.toMillis()))));
      settle();
    }
  }

  /**
   * Lets time pass, but never while a request is on its way: where every request is answered, a
   * slow machine makes no difference.
   */
  void passAnswered(Duration duration) throws Exception {
    for (long left = duration.toMillis(); left > 0; left -= STEP.toMillis()) {
      pass(Duration.ofMillis(Math.min(left, STEP.toMillis())));
      until(
          () -> {
            settle();
            return inFlight() == 0;
          },
          this::state);
    }
  }

  private int inFlight() throws Exception {
    int inFlight = 0;
    for (AppKey key : keys) {
      inFlight += await(fleet.counts(key)).inFlight();
    }
    return inFlight;
  }

  /** Lets time pass until something has come, with a moment in each step for the network. */
  void passUntil(Future<?> goal) throws Exception {
    CompletableFuture<?> come = goal.toCompletionStage().toCompletableFuture();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end) {
      try {
        Object unused = come.get(STEP_MS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException notYet) {
        await(time.advance(STEP));
      }
    }
    throw new AssertionError("it has not come after " + PATIENCE_SECONDS + " s: " + state());
  }

  private String state() {
    return (time.now() - ManualTime.START)
        + " ms have passed, "
        + time.pending()
        + " timers wait, "
        + books.pending().size()
        + " pushes have not ended; requests at the peers: "
        + apnsPeers.stream().map(peer -> peer.ledger().arrivals()).toList()
        + ", connections: "
        + apnsPeers.stream().map(ApnsPeer::connections).toList();
  }

  /**
   * Checks that nothing was lost, and nothing sent twice without cause: by what the callers, the
   * peers and the applications themselves know.
   */
  void balance() throws Exception {
    books.balance(apnsPeers.stream().map(ApnsPeer::ledger).toList(), fcmPeers);
    for (AppKey key : keys) {
      PushCounts counts = await(fleet.counts(key));
      assertTrue(counts.balances(), counts::toString);
      assertEquals(0, counts.waiting() + counts.inFlight(), counts::toString);
      assertEquals(books.accepted(key), counts.accepted(), counts::toString);
      assertEquals(
          books.count(key) - books.accepted(key),
          counts.ended(Result.OVERLOADED),
          counts::toString);
    }
  }

  /** Ends everything. */
  @Override
  public void afterEach(ExtensionContext test) {
    ((Logger) LoggerFactory.getLogger("org.pushserver.push")).setLevel(null);
    await(vertx.close());
    await(peers.close());
  }
}
