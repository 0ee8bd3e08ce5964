// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.Status;
import org.pushserver.fake.Await;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.OneProcessNodes;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.Condition;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.SamplePush;
import org.pushserver.spi.Time;
import org.pushserver.wire.PushBytes;

/** Attempts that go through another server, because the own one has no connection. */
class DetourTest {
  private static final AppKey APP = new AppKey("com.example.phone", AppKey.APPLE);
  private static final Payload PAYLOAD = new Payload(Map.of(), Buffer.buffer("{}"));
  private static final Answer DELIVERED =
      new Answer.Delivered(new Response(200, "", "https://push.example.com", "{}"));

  private final Vertx vertx = Vertx.vertx();
  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final OneProcessNodes network = new OneProcessNodes(vertx, time);
  private final Server one = new Server("one");
  private final Server two = new Server("two");
  private final Push push = SamplePush.of(Event.INCOMING_SESSION).push();

  @AfterEach
  void close() {
    Await.await(vertx.close());
  }

  /** What a server has of one application. */
  private final class Server implements PushService, RunningApplications {
    final Nodes nodes;
    final ClusterCounts counts = new ClusterCounts();
    final Context loop = ((VertxInternal) vertx).createEventLoopContext();
    final Detours detours;
    final DetourService service;
    final List<Promise<Answer>> attempts = new CopyOnWriteArrayList<>();
    volatile int window;
    private Runnable changed;

    Server(String name) {
      nodes = network.join(name);
      detours = new Detours(nodes, time, loop, counts);
      service = new DetourService(detours, APP, "phone", (some, now) -> PAYLOAD, this);
      detours.roll().start(this);
    }

    @CanIgnoreReturnValue
    Server opened(int size) {
      window = size;
      Await.await(on(() -> service.open(vertx, time, () -> {})));
      return this;
    }

    void window(int size) {
      window = size;
      Await.await(
          on(
              () -> {
                changed.run();
                return Future.succeededFuture();
              }));
    }

    <T> Future<T> on(Supplier<Future<T>> action) {
      Promise<T> done = Promise.promise();
      loop.runOnContext(turn -> action.get().onComplete(done));
      return done.future();
    }

    Future<Answer> attempt() {
      return on(() -> service.send(push, PAYLOAD));
    }

    int room() {
      return Await.await(on(() -> Future.succeededFuture(service.window())));
    }

    @Override
    public Future<Void> open(Vertx runs, Time clock, Runnable onChange) {
      changed = onChange;
      return Future.succeededFuture();
    }

    @Override
    public int window() {
      return window;
    }

    @Override
    public Condition condition() {
      return window > 0
          ? Condition.CONNECTED
          : new Condition(Condition.State.CONNECTING, "no route");
    }

    @Override
    public Future<Answer> send(Push some, Payload payload) {
      if (window == 0) {
        return Future.failedFuture(new NotSentException("no route"));
      }
      assertEquals(push, some);
      Promise<Answer> answer = Promise.promise();
      attempts.add(answer);
      return answer.future();
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }

    @Override
    public List<Status> statuses() {
      return List.of();
    }

    @Override
    public Future<List<ApplicationSnapshot>> snapshots() {
      return Future.succeededFuture(List.of());
    }

    @Override
    public List<DisabledSection> disabled() {
      return List.of();
    }

    @Override
    public boolean isClosing() {
      return false;
    }
  }

  /** Until a server has so much room, while time passes. */
  private void untilRoom(Server server, int room) throws Exception {
    Await.until(
        () -> {
          Await.await(time.advance(Duration.ofMillis(100)));
          return server.room() == room;
        },
        () -> "room " + server.room());
  }

  private static Promise<Answer> onlyAttempt(Server at) throws Exception {
    Await.until(() -> at.attempts.size() == 1, () -> "attempts " + at.attempts);
    return at.attempts.get(0);
  }

  @Test
  void anAttemptGoesThroughAServerThatHasAConnection() throws Exception {
    one.opened(0);
    two.opened(40);
    untilRoom(one, 10);

    assertEquals(
        new Condition(Condition.State.CONNECTED, "through two; here: no route"),
        Await.await(one.on(() -> Future.succeededFuture(one.service.condition()))));
    Future<Answer> answer = one.attempt();
    onlyAttempt(two).complete(DELIVERED);
    assertEquals(DELIVERED, Await.await(answer));
    assertTrue(one.attempts.isEmpty());
    assertEquals(1, one.counts.attemptsThroughOthers());
    assertEquals(1, two.counts.attemptsForOthers());
  }

  @Test
  void whatAnotherCertainlyHasNotSentIsToldSoAndAllElseMayHaveBeenSent() throws Exception {
    one.opened(0);
    two.opened(40);
    untilRoom(one, 10);

    Future<Answer> first = one.attempt();
    onlyAttempt(two).fail(new NotSentException("the stream was refused"));
    assertInstanceOf(NotSentException.class, Await.failure(first));
    assertEquals("the stream was refused", Await.failure(first).getMessage());
    assertEquals(0, one.room());
    untilRoom(one, 10);

    two.attempts.clear();
    Future<Answer> second = one.attempt();
    onlyAttempt(two).fail("the connection broke");
    assertFalse(Await.failure(second) instanceof NotSentException);
  }

  @Test
  void aConnectionThatIsBackWithinAMomentIsAwaited() throws Exception {
    one.opened(40);
    two.opened(40);
    untilRoom(one, 40);
    one.window(0);
    Await.await(time.advance(Duration.ofMillis(DetourService.MOMENT_MS - 1)));
    assertEquals(0, one.room());
    one.window(30);
    Await.await(time.advance(Duration.ofSeconds(5)));
    assertEquals(30, one.room());
  }

  @Test
  void theOwnConnectionIsUsedAgainWhenItStands() throws Exception {
    one.opened(0);
    two.opened(40);
    untilRoom(one, 10);
    one.window(100);
    assertEquals(100, one.room());
    Future<Answer> answer = one.attempt();
    onlyAttempt(one).complete(DELIVERED);
    assertEquals(DELIVERED, Await.await(answer));
    assertTrue(two.attempts.isEmpty());
  }

  private Future<Buffer> askForAnAttempt(Server asker, Server asked) {
    Buffer question = Buffer.buffer(PushBytes.timed(new KeptPush(push), time.now()));
    return asker.nodes.ask(asked.nodes.self(), Detours.QUESTION, question, Duration.ofSeconds(10));
  }

  private static boolean isUnsent(Buffer reply) {
    return AttemptReply.read(reply).cause() instanceof NotSentException;
  }

  @Test
  void othersGetAShareOfAWindowAndNoMore() throws Exception {
    two.opened(8);
    Future<Buffer> first = askForAnAttempt(one, two);
    Future<Buffer> second = askForAnAttempt(one, two);
    Await.until(() -> two.attempts.size() == 2, () -> "attempts " + two.attempts);
    assertEquals(6, two.room());

    assertTrue(isUnsent(Await.await(askForAnAttempt(one, two))));

    two.attempts.forEach(attempt -> attempt.complete(DELIVERED));
    assertEquals(DELIVERED, Await.await(AttemptReply.read(Await.await(first))));
    assertEquals(DELIVERED, Await.await(AttemptReply.read(Await.await(second))));
    assertEquals(8, two.room());
  }

  @Test
  void anAttemptForAnotherNeverGoesOnToAThird() throws Exception {
    Server three = new Server("three").opened(40);
    two.opened(0);
    untilRoom(two, 10);

    assertTrue(isUnsent(Await.await(askForAnAttempt(one, two))));
    assertTrue(three.attempts.isEmpty());
  }

  @Test
  void anAttemptWithAServerThatFallsSilentMayHaveBeenSent() throws Exception {
    one.opened(0);
    two.opened(40);
    untilRoom(one, 10);
    Future<Answer> answer = one.attempt();
    Promise<Answer> unused = onlyAttempt(two);
    network.silence(two.nodes);
    untilRoom(one, 0);
    Await.await(time.advance(Duration.ofSeconds(1)));
    assertFalse(Await.failure(answer) instanceof NotSentException);
    assertEquals(
        List.of("two"),
        one.detours.roll().reports().stream()
            .filter(report -> !report.answers())
            .map(report -> report.node().name())
            .toList());
  }

  @Test
  void aServerThatHasGoneIsNoWay() throws Exception {
    one.opened(0);
    two.opened(40);
    untilRoom(one, 10);
    network.kill(two.nodes);
    untilRoom(one, 0);
    assertEquals(1, one.detours.roll().reports().size());
  }
}
