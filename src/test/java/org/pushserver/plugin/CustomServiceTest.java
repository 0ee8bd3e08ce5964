// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.SamplePush;
import org.pushserver.spi.Time;
import org.pushserver.spi.TokenForm;

/** What a plugin does wrong becomes what its interface allows. */
class CustomServiceTest {
  private static final Push PUSH = SamplePush.of(Event.MESSAGE).push();
  private static final Payload PAYLOAD = new Payload(Map.of(), Buffer.buffer("{}"));
  private static final Answer DELIVERED = new Answer.Delivered(new Response(200, "", "", "{}"));

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final ManualTime time = new ManualTime();

  /** Each method throws what a class does that is not in the jar. */
  private static final class Broken implements PushService {
    private static LinkageError error() {
      return new NoClassDefFoundError("com/example/Missing");
    }

    @Override
    public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
      throw error();
    }

    @Override
    public int window() {
      throw error();
    }

    @Override
    public Condition condition() {
      throw error();
    }

    @Override
    public Future<Answer> send(Push push, Payload payload) {
      throw error();
    }

    @Override
    public Future<Void> close() {
      throw error();
    }
  }

  /** Each method returns nothing at all. */
  private static class Empty implements PushService {
    @Override
    public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
      return null;
    }

    @Override
    public int window() {
      return 1;
    }

    @Override
    public Condition condition() {
      return null;
    }

    @Override
    public Future<Answer> send(Push push, Payload payload) {
      return null;
    }

    @Override
    public Future<Void> close() {
      return null;
    }
  }

  /** Speaks from threads of its own. */
  private static final class Threaded implements PushService {
    private final Promise<Answer> answer = Promise.promise();
    private Runnable changed;

    @Override
    public Future<Void> open(Vertx vertx, Time time, Runnable newChanged) {
      changed = newChanged;
      return Future.succeededFuture();
    }

    @Override
    public int window() {
      return 7;
    }

    @Override
    public Condition condition() {
      return Condition.CONNECTED;
    }

    @Override
    public Future<Answer> send(Push push, Payload payload) {
      return answer.future();
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }

  @AfterEach
  void closeVertx() throws Exception {
    await(vertx.close());
  }

  private Future<Void> opened(PushService service, Runnable changed) {
    Promise<Void> promise = Promise.promise();
    loop.runOnContext(turn -> service.open(vertx, time, changed).onComplete(promise));
    return promise.future();
  }

  @Test
  void whatAServiceThrowsIsAFailureOfItsPushesAlone() {
    PushService service = new CustomService(new Broken());
    String why = "the push service fails: a class cannot be used: com/example/Missing";
    assertEquals(why, failure(opened(service, () -> {})).getMessage());
    assertEquals(0, service.window());
    assertEquals(new Condition(State.CONNECTING, why), service.condition());
    assertEquals(why, failure(service.send(PUSH, PAYLOAD)).getMessage());
    assertEquals(why, failure(service.close()).getMessage());
  }

  @Test
  void nothingInsteadOfAFutureIsAFailure() {
    PushService service = new CustomService(new Empty());
    assertInstanceOf(IllegalStateException.class, failure(opened(service, () -> {})));
    assertEquals(State.CONNECTING, service.condition().state());
    assertInstanceOf(IllegalStateException.class, failure(service.send(PUSH, PAYLOAD)));
    assertInstanceOf(IllegalStateException.class, failure(service.close()));
  }

  /** Else a server would never end. */
  @Test
  void aServiceThatNeverClosesIsNotWaitedForLong() {
    Promise<Void> never = Promise.promise();
    PushService service =
        new CustomService(
            new Empty() {
              @Override
              public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
                return Future.succeededFuture();
              }

              @Override
              public Future<Void> close() {
                return never.future();
              }
            });
    await(opened(service, () -> {}));
    Future<Void> closed = service.close();
    await(time.advance(Duration.ofMillis(4_999)));
    assertFalse(closed.isComplete());
    await(time.advance(Duration.ofMillis(1)));
    assertEquals("the push service has not closed within 5 s", failure(closed).getMessage());
  }

  private static PushService withWindow(IntSupplier window) {
    return new PushService() {
      @Override
      public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
        return Future.succeededFuture();
      }

      @Override
      public int window() {
        return window.getAsInt();
      }

      @Override
      public Condition condition() {
        return Condition.CONNECTED;
      }

      @Override
      public Future<Answer> send(Push push, Payload payload) {
        return Future.succeededFuture(DELIVERED);
      }

      @Override
      public Future<Void> close() {
        return Future.succeededFuture();
      }
    };
  }

  @Test
  void aServiceThatCannotSayHowManyPushesItTakesDoesNotLookConnected() {
    AtomicInteger window = new AtomicInteger();
    PushService service =
        new CustomService(
            withWindow(
                () -> {
                  if (window.get() == 0) {
                    throw new IllegalStateException("no pool");
                  }
                  return window.get();
                }));
    assertEquals(
        new Condition(State.CONNECTING, "the push service fails: no pool"), service.condition());
    window.set(-1);
    assertEquals(State.CONNECTING, service.condition().state());
    assertTrue(service.condition().reason().endsWith("its window is -1"));
    assertEquals(0, service.window());
    window.set(5);
    assertEquals(Condition.CONNECTED, service.condition());
    assertEquals(5, service.window());
  }

  private static ApplicationType thatMakes(PayloadMaker maker) {
    return new CustomType(
        new ApplicationType() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public List<Event> events() {
            return List.of(Event.MESSAGE);
          }

          @Override
          public Optional<PayloadMaker> payloadMaker(String platform) {
            return Optional.of(maker);
          }
        });
  }

  @Test
  void whatIsMissingInANotificationOrAnAnswerIsFoundWhereItIsMade() {
    Map<String, String> nameless = new HashMap<>();
    nameless.put(null, "x");
    Map<String, String> without = new HashMap<>();
    without.put("apns-topic", null);
    for (PayloadMaker maker :
        List.<PayloadMaker>of(
            (push, now) -> null,
            (push, now) -> new Payload(Map.of(), null),
            (push, now) -> new Payload(null, Buffer.buffer()),
            (push, now) -> new Payload(nameless, Buffer.buffer()),
            (push, now) -> new Payload(without, Buffer.buffer()))) {
      PayloadMaker guarded = thatMakes(maker).payloadMaker("any").orElseThrow();
      assertThrows(NullPointerException.class, () -> guarded.make(PUSH, 0));
    }
    assertThrows(NullPointerException.class, () -> new Answer.Delivered(null));
    assertThrows(NullPointerException.class, () -> new Answer.DeadToken(null));
    assertThrows(NullPointerException.class, () -> new Answer.Later(null, null, false));
    assertThrows(NullPointerException.class, () -> new Answer.Refused(null, Answer.Fault.PUSH));
  }

  @Test
  void nothingInsteadOfAnAnswerIsAFailure() throws Exception {
    Threaded threaded = new Threaded();
    PushService service = new CustomService(threaded);
    await(opened(service, () -> {}));
    Future<Answer> sent = service.send(PUSH, PAYLOAD);
    threaded.answer.complete(null);
    assertInstanceOf(NullPointerException.class, failure(sent));
  }

  @Test
  void anAnswerThatNeverComesIsAFailureSoonAfterTheDeadline() throws Exception {
    PushService service = new CustomService(new Threaded());
    await(opened(service, () -> {}));
    Future<Answer> sent = service.send(PUSH, PAYLOAD);
    time.advance(Duration.ofMillis(PUSH.remaining(time.now()) + 29_999));
    assertFalse(sent.isComplete());
    time.advance(Duration.ofMillis(1));
    assertEquals("the push service has not answered", failure(sent).getMessage());
  }

  @Test
  void whatAServiceSaysOnItsOwnThreadsIsToldOnTheEventLoop() throws Exception {
    Threaded threaded = new Threaded();
    PushService service = new CustomService(threaded);
    Promise<Thread> changedOn = Promise.promise();
    await(opened(service, () -> changedOn.complete(Thread.currentThread())));
    Promise<Thread> loopThread = Promise.promise();
    loop.runOnContext(turn -> loopThread.complete(Thread.currentThread()));
    assertEquals(7, service.window());

    threaded.changed.run();
    assertSame(await(loopThread.future()), await(changedOn.future()));

    Promise<Thread> answeredOn = Promise.promise();
    service
        .send(PUSH, PAYLOAD)
        .onSuccess(
            answer -> {
              assertSame(DELIVERED, answer);
              answeredOn.complete(Thread.currentThread());
            })
        .onFailure(answeredOn::fail);
    threaded.answer.complete(DELIVERED);
    assertSame(await(loopThread.future()), await(answeredOn.future()));
  }

  @Test
  void anErrorOfANotificationRefusesItsPushAlone() {
    ApplicationType type =
        thatMakes(
            (push, now) -> {
              throw new StackOverflowError();
            });
    PayloadMaker maker = type.payloadMaker("any").orElseThrow();
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> maker.make(PUSH, 0));
    String why =
        "the application type broken fails: a programming error at CustomServiceTest.java:";
    assertTrue(refused.getMessage().startsWith(why), refused::getMessage);
  }

  /** What cannot be said of a token is as if nothing had been declared. */
  @Test
  void aFormOfTokensThatFailsIsAsNone() {
    TokenForm tokens =
        new CustomTokens(
            new TokenForm() {
              @Override
              public Optional<String> problem(String token) {
                throw new NoClassDefFoundError("a/library");
              }

              @Override
              public String pick(String token, Kind kind) {
                return "";
              }

              @Override
              public String compared(String token) {
                return null;
              }
            });
    assertEquals(Optional.empty(), tokens.problem("a"));
    assertTrue(tokens.problem("a b").isPresent());
    assertEquals("a", tokens.pick("a", Kind.RING));
    assertEquals("a", tokens.compared("a"));
  }

  private static Stream<Arguments> interfaces() {
    return Stream.of(
        Arguments.of(PushService.class, CustomService.class),
        Arguments.of(PushServiceProvider.class, CustomProvider.class),
        Arguments.of(ApplicationType.class, CustomType.class));
  }

  /** A default method that is forgotten here would never reach the plugin. */
  @ParameterizedTest
  @MethodSource("interfaces")
  void everyMethodReachesThePlugin(Class<?> contract, Class<?> guard) {
    Method[] methods = contract.getMethods();
    assertTrue(methods.length > 0);
    for (Method method : methods) {
      assertDoesNotThrow(
          () -> guard.getDeclaredMethod(method.getName(), method.getParameterTypes()));
    }
  }
}
