// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.Status;
import org.pushserver.events.Application;
import org.pushserver.fake.Await;
import org.pushserver.fake.FakeServiceManager;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.queue.PushCounts;
import org.pushserver.queue.QueueDepth;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.Delivery;
import org.pushserver.sylk.SylkApplication;

/** What systemd is told, by a socket of the test's own in place of systemd's. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class SystemdIT {
  private static final Duration HALF = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofSeconds(21);
  private static final long PID = 4711;

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
  private final ManualTime time = new ManualTime();
  private final Map<String, String> environment = new HashMap<>();
  private final Applications applications = new Applications();
  private String name;
  private FakeServiceManager systemd;
  private Context home;

  @BeforeEach
  void listen() throws Exception {
    name = folder.resolve("notify").toString();
    systemd = FakeServiceManager.listen(name);
    home = context();
  }

  @AfterEach
  void close() throws Exception {
    systemd.close();
    await(vertx.close());
  }

  /** Two applications, whose state a test sets. */
  private static final class Applications implements RunningApplications {
    private static final Delivery DELIVERY =
        new Delivery(
            Duration.ofMillis(500), Duration.ofMinutes(20), Duration.ofSeconds(10), 100, 4);

    volatile State second = State.CONNECTING;
    volatile long failed;
    volatile int waiting;

    @Override
    public List<Status> statuses() {
      return List.of(status("one", State.CONNECTED), status("two", second));
    }

    private static Status status(String app, State state) {
      return new Status(
          new Application(new AppKey(app, AppKey.APPLE), app, new SylkApplication(), DELIVERY),
          new Condition(state, ""),
          0,
          null);
    }

    @Override
    public Future<List<ApplicationSnapshot>> snapshots() {
      return Future.succeededFuture(statuses().stream().map(status -> snapshot(status)).toList());
    }

    private ApplicationSnapshot snapshot(Status status) {
      return new ApplicationSnapshot(
          status,
          new PushCounts(0, Map.of(), 0, waiting, 1),
          new QueueDepth(0, 0),
          new QueueDepth(0, 0),
          new Connections(0, 0, 0, failed),
          null);
    }

    @Override
    public List<DisabledSection> disabled() {
      return List.of(
          new DisabledSection("three", Optional.empty(), "app_id: it is missing"),
          new DisabledSection("", Optional.empty(), "it has no section"));
    }

    @Override
    public boolean isClosing() {
      return false;
    }
  }

  private Context context() {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  private ServiceManager open() {
    environment.put(ServiceManager.ADDRESS, name);
    return Systemd.open(environment, PID, home, time);
  }

  /** Whatever was to be done on these by now has been done. */
  private void settle(Context... others) {
    for (Context other : others) {
      turn(other);
    }
    turn(home);
  }

  private static void turn(Context context) {
    Promise<Void> turned = Promise.promise();
    context.runOnContext(turn -> turned.complete());
    await(turned.future());
  }

  /** Also what has only just been told has been done to its end before. */
  private void pass(Duration duration) {
    settle();
    await(time.advance(duration));
    settle();
  }

  private static boolean isReady(String told) {
    return told.startsWith("READY=1");
  }

  @Test
  void itIsReadyWhenEachApplicationHasConnected() throws Exception {
    open().started(applications, List.of(home));
    assertEquals(
        "STATUS=1 of 2 applications can send, 1 disabled, pushes under way: 2",
        systemd.next("STATUS="));
    applications.second = State.CONNECTED;
    pass(Duration.ofMillis(100));
    assertEquals(
        "READY=1\nSTATUS=2 of 2 applications can send, 1 disabled, pushes under way: 2",
        systemd.next(SystemdIT::isReady));
  }

  @Test
  void orWhenItHasTriedInVainOrIsRefused() throws Exception {
    applications.failed = 1;
    open().started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
    applications.failed = 0;
    applications.second = State.REFUSED;
    Systemd.open(environment, PID, home, time).started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
  }

  @Test
  void anApplicationThatNeverGetsThereHoldsUpTheStartForAWhileOnly() throws Exception {
    open().started(applications, List.of(home));
    systemd.next("STATUS=");
    for (int looks = 0; looks < 49; looks++) {
      pass(Duration.ofMillis(100));
      settle();
    }
    assertTrue(systemd.told().stream().noneMatch(SystemdIT::isReady), () -> "too early");
    pass(Duration.ofMillis(200));
    assertTrue(systemd.next(SystemdIT::isReady).contains("1 of 2"));
  }

  @Test
  void theStatusIsToldAgainOnlyWhenItHasChanged() throws Exception {
    applications.second = State.CONNECTED;
    open().started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
    pass(Systemd.RENEW);
    settle();
    assertEquals(1, systemd.told().size());
    applications.waiting = 20;
    pass(Systemd.RENEW);
    assertEquals(
        "STATUS=2 of 2 applications can send, 1 disabled, pushes under way: 42",
        systemd.next("STATUS="));
    assertEquals(2, systemd.told().size());
  }

  @Test
  void aReloadBeginsAndEndsWhateverCameOfIt() throws Exception {
    applications.second = State.CONNECTED;
    ServiceManager manager = open();
    manager.started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
    for (boolean good : new boolean[] {true, false}) {
      Promise<Void> reload = Promise.promise();
      manager.reloading(reload.future());
      assertTrue(systemd.next("RELOADING=1").matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
      settle();
      assertTrue(systemd.told().get(systemd.told().size() - 1).startsWith("RELOADING"));
      boolean unused = good ? reload.tryComplete() : reload.tryFail("why");
      assertEquals("READY=1", systemd.next(SystemdIT::isReady));
    }
  }

  @Test
  void aReloadWhileItStartsDoesNotMakeItReady() throws Exception {
    ServiceManager manager = open();
    manager.started(applications, List.of(home));
    systemd.next("STATUS=");
    manager.reloading(Future.succeededFuture());
    settle();
    assertEquals(1, systemd.told().size());
  }

  @Test
  void whenItStopsItSaysHowLongThatTakesAndHowManyPushesAreLeft() throws Exception {
    applications.second = State.CONNECTED;
    ServiceManager manager = open();
    manager.started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
    manager.stopping(LONGEST);
    assertEquals("STOPPING=1\nEXTEND_TIMEOUT_USEC=26000000", systemd.next("STOPPING=1"));
    assertEquals("STATUS=stopping; pushes under way: 2", systemd.next("STATUS="));
    applications.waiting = 1;
    pass(Duration.ofSeconds(1));
    assertEquals("STATUS=stopping; pushes under way: 4", systemd.next("STATUS="));
    manager.reloading(Future.succeededFuture());
    settle();
    assertEquals(4, systemd.told().size());
  }

  @Test
  void whatStopsWhileItStartsIsNotReady() throws Exception {
    ServiceManager manager = open();
    manager.started(applications, List.of(home));
    manager.stopping(LONGEST);
    systemd.next("STATUS=stopping");
    pass(Systemd.SETTLE_LIMIT);
    settle();
    assertTrue(systemd.told().stream().noneMatch(SystemdIT::isReady));
  }

  @Test
  void theWatchdogHearsNothingWhileAnyEventLoopIsStuckAndAgainWhenItTurns() throws Exception {
    environment.put("WATCHDOG_USEC", "30000000");
    environment.put("WATCHDOG_PID", Long.toString(PID));
    applications.second = State.CONNECTED;
    Context other = context();
    Context stuck = context();
    open().started(applications, List.of(home, other, stuck));
    systemd.next("WATCHDOG=1");
    pass(HALF);
    systemd.next("WATCHDOG=1");
    CountDownLatch free = new CountDownLatch(1);
    try (LogTrail log = new LogTrail(Watchdog.class.getName())) {
      stuck.runOnContext(turn -> awaitQuietly(free));
      for (int halves = 0; halves < 3; halves++) {
        pass(HALF);
        settle(other);
      }
      assertEquals(2, systemd.told().stream().filter("WATCHDOG=1"::equals).count());
      assertEquals(1, log.lines().size(), "said once");
    } finally {
      free.countDown();
    }
    systemd.next("WATCHDOG=1");
    pass(HALF);
    systemd.next("WATCHDOG=1");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aWatchdogForAnotherProcessOrForNobodyIsNotForThisOne() throws Exception {
    applications.second = State.CONNECTED;
    environment.put("WATCHDOG_USEC", "30000000");
    environment.put("WATCHDOG_PID", "1");
    open().started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
    environment.remove("WATCHDOG_PID");
    environment.put("WATCHDOG_USEC", "soon");
    open().started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
    pass(HALF);
    settle();
    assertTrue(systemd.told().stream().noneMatch("WATCHDOG=1"::equals));
  }

  @Test
  void aSocketWithoutAPlaceInTheFileSystemIsFound() throws Exception {
    systemd.close();
    name = "@pushserver-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    systemd = FakeServiceManager.listen(name);
    applications.second = State.CONNECTED;
    open().started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
  }

  @Test
  void aSocketThatIsFullIsTriedAgain() throws Exception {
    applications.second = State.CONNECTED;
    ServiceManager manager = open();
    manager.started(applications, List.of(home));
    systemd.next(SystemdIT::isReady);
    // The kernel holds ten datagrams that nobody has read, unless told otherwise.
    int reloads = 8;
    for (int i = 0; i < reloads; i++) {
      manager.reloading(Future.succeededFuture());
    }
    settle();
    Await.until(
        () -> {
          pass(Duration.ofMillis(100));
          return systemd.told().size() == 1 + 2 * reloads;
        },
        () -> "some were lost");
  }

  @Test
  void aSocketThatIsGoneOrOfAnotherKindIsSaidOnceAndStopsNothing() throws Exception {
    for (String gone : List.of(folder.resolve("gone").toString(), "vsock:2:1234")) {
      name = gone;
      try (LogTrail log = new LogTrail(NotifySocket.class.getName())) {
        ServiceManager manager = open();
        manager.started(applications, List.of(home));
        manager.stopping(LONGEST);
        settle();
        assertEquals(1, log.lines().size(), () -> "once: " + log.lines());
        assertTrue(log.lines().get(0).contains("systemd cannot be told"));
      }
    }
    assertEquals(List.of(), systemd.told());
  }
}
