// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.events.PushListener;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.pns.Verdict.Credentials;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.queue.ActiveService;
import org.pushserver.queue.PushCaller;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.queue.SendQueue;
import org.pushserver.route.Reply;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;
import org.pushserver.spi.TokenForm;
import org.pushserver.spi.Trial;

/** A push service whose pushes name their own hosts, some of which are down. */
class RoutesIT {
  private static final Delivery DELIVERY =
      new Delivery(Duration.ofSeconds(64), Duration.ofHours(2), Duration.ofSeconds(10), 1_000, 1);
  private static final int STREAMS = 100;
  private static final AppKey APP = new AppKey("com.example.app", "web");

  /** Whose device tokens are URLs, as those of Web Push are in effect. */
  private static final class ManyHosts extends HttpPushService {
    ManyHosts(RouteSettings way) {
      super(
          "app",
          new NoAuthorization(),
          host -> way.to(host, Protocol.HTTP2, null, WhenIdle.LET_GO));
    }

    @Override
    protected String url(Push push) {
      return push.device().token();
    }

    @Override
    protected Request request(Push push, Payload payload, long deadline) {
      Endpoint to = Endpoint.parse(push.device().token());
      return new Request(to, to.target(), HttpHeaders.headers(), payload.body());
    }

    @Override
    protected Verdict judge(Request request, Reply reply) {
      Response response =
          new Response(reply.status(), "", request.host().url(), reply.body().toString());
      return new Verdict(
          reply.status() == 200
              ? new Answer.Delivered(response)
              : new Answer.Later(response, null, false),
          Credentials.ACCEPTED);
    }
  }

  private static final class NoAuthorization implements Authorization {
    @Override
    public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
      return Future.succeededFuture();
    }

    @Override
    public String advice() {
      return "";
    }

    @Override
    public String current() {
      return NO_HEADER;
    }

    @Override
    public Future<String> obtain() {
      return Future.succeededFuture(NO_HEADER);
    }

    @Override
    public Future<Boolean> replace(String refused) {
      return Future.succeededFuture(false);
    }

    @Override
    public void close() {}
  }

  private record Wait(Predicate<PushService> what, Promise<Void> met) {}

  private static final TestTls tls = TestTls.shared();

  private final ManualTime time = new ManualTime();
  private final List<Wait> waits = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private Context context;
  private PushService service;
  private Runnable whenChanged = () -> {};
  private HttpServer good;
  private int badPort;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    context = vertx.getOrCreateContext();
    good = listen(0);
    HttpServer bad = listen(0);
    badPort = bad.actualPort();
    await(bad.close());
    service = new ManyHosts(new RouteSettings("app", DELIVERY, tls.trust(), null));
    Object unused = on(now -> now.open(vertx, time, this::check));
  }

  @AfterEach
  void stop() throws Exception {
    Object unused = on(PushService::close);
    await(vertx.close());
  }

  private HttpServer listen(int port) throws Exception {
    return listen(port, STREAMS, request -> request.response().end(request.path()));
  }

  private HttpServer listen(int port, int streams, Handler<HttpServerRequest> handler)
      throws Exception {
    return await(
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2))
                    .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(streams))
                    .setKeyCertOptions(tls.server()))
            .requestHandler(handler)
            .listen(port, "127.0.0.1"));
  }

  private <T> T on(Function<PushService, Future<T>> action) throws Exception {
    return await(begin(action));
  }

  private <T> Future<T> begin(Function<PushService, Future<T>> action) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(turn -> action.apply(service).onComplete(promise));
    return promise.future();
  }

  private <T> T read(Function<PushService, T> what) throws Exception {
    return on(now -> Future.succeededFuture(what.apply(now)));
  }

  private void check() {
    whenChanged.run();
    List<Wait> met = waits.stream().filter(wait -> wait.what().test(service)).toList();
    waits.removeAll(met);
    met.forEach(wait -> wait.met().tryComplete());
  }

  private Future<Void> when(Predicate<PushService> what) {
    return begin(
        now -> {
          Wait wait = new Wait(what, Promise.promise());
          waits.add(wait);
          check();
          return wait.met().future();
        });
  }

  private String goodUrl() {
    return "https://localhost:" + good.actualPort() + "/good";
  }

  private String badUrl() {
    return "https://127.0.0.1:" + badPort + "/bad";
  }

  private Future<Answer> send(String url) {
    return begin(
        now ->
            now.send(Trial.push(APP, url, time.now()), new Payload(Map.of(), Buffer.buffer("{}"))));
  }

  private void assertDelivered(String url) throws Exception {
    Answer answer = await(send(url));
    assertInstanceOf(Answer.Delivered.class, answer);
    assertEquals(url.substring(url.lastIndexOf('/')), answer.response().body());
  }

  private void assertNotSent(String url) throws Exception {
    assertNotSent(send(url));
  }

  private static void assertNotSent(Future<Answer> push) throws Exception {
    try {
      throw new AssertionError("was answered: " + await(push));
    } catch (CompletionException e) {
      assertInstanceOf(NotSentException.class, e.getCause());
    }
  }

  @Test
  void aHostThatIsDownIsTheTroubleOfItsOwnPushesAndIsTriedUntilItIsUp() throws Exception {
    assertDelivered(goodUrl());
    assertNotSent(badUrl());
    assertEquals(State.CONNECTED, read(PushService::condition).state());
    String why = read(PushService::condition).reason();
    assertTrue(why.contains("127.0.0.1:" + badPort), why);
    assertTrue(why.endsWith("; pushes to other hosts go on"), why);
    for (int i = 0; i < 20; i++) {
      assertNotSent(badUrl());
      assertDelivered(goodUrl());
    }
    assertEquals(1, read(PushService::connections).failed(), "no push has it tried again");

    HttpServer recovered = listen(badPort);
    time.advance(Duration.ofSeconds(1));
    await(when(now -> now.condition().reason().isEmpty()));
    assertDelivered(badUrl());
    assertDelivered(goodUrl());
    assertEquals(2, read(PushService::connections).open());

    await(recovered.close());
    await(when(now -> now.connections().open() == 1));
    assertNotSent(badUrl());
    assertDelivered(goodUrl());
  }

  private SendQueue queue() throws Exception {
    SendQueue queue =
        read(
            now ->
                new SendQueue(
                    new ActiveService(DELIVERY, (push, at) -> SampleAnswers.PAYLOAD, service),
                    TokenForm.PRINTABLE,
                    time,
                    new PushListener() {},
                    new QueueMemory(1 << 26),
                    PushStore.IN_MEMORY,
                    RepeatGuard.NEVER,
                    task -> context.runOnContext(turn -> task.run())));
    whenChanged = queue::sendWhatMayGo;
    return queue;
  }

  private Future<Outcome> take(SendQueue queue, String url, String callId) {
    Promise<Outcome> end = Promise.promise();
    Push nobody = Trial.push(APP, url, time.now());
    Push push =
        new Push(
            nobody.id(),
            APP,
            nobody.device(),
            nobody.event(),
            callId,
            nobody.details(),
            time.now(),
            time.now() + Duration.ofHours(1).toMillis());
    context.runOnContext(turn -> queue.take(push, new Waiter(end)));
    return end.future();
  }

  private record Waiter(Promise<Outcome> end) implements PushCaller {
    @Override
    public boolean isWaiting() {
      return true;
    }

    @Override
    public void accepted() {}

    @Override
    public void ended(Outcome outcome) {
      end.complete(outcome);
    }
  }

  private static void assertAllDelivered(List<Future<Outcome>> ends) throws Exception {
    for (Future<Outcome> end : ends) {
      assertEquals(Outcome.Result.DELIVERED, await(end).result());
    }
  }

  @Test
  void theQueueGoesOnWithTheOthersWhileWhatGoesToAHostThatIsDownWaits() throws Exception {
    SendQueue queue = queue();
    List<Future<Outcome>> toBad = new ArrayList<>();
    List<Future<Outcome>> toGood = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      toBad.add(take(queue, badUrl(), "bad-" + i));
      toGood.add(take(queue, goodUrl(), "good-" + i));
    }
    assertAllDelivered(toGood);
    assertTrue(toBad.stream().noneMatch(Future::isComplete));

    Object unused = listen(badPort);
    time.advance(Duration.ofSeconds(1));
    await(when(now -> now.condition().reason().isEmpty()));
    time.advance(Duration.ofMinutes(1));
    assertAllDelivered(toBad);
  }

  @Test
  void pushesThatComeBeforeItsFirstConnectionStandsWaitForThat() throws Exception {
    List<Future<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      answers.add(send(goodUrl()));
    }
    for (Future<Answer> answer : answers) {
      assertInstanceOf(Answer.Delivered.class, await(answer));
    }
    assertEquals(1, read(PushService::connections).made());
  }

  @Test
  void whatABusyHostDoesNotTakeWaitsAMomentInItsOrderAndThenFailsAtOnce() throws Exception {
    BlockingQueue<Runnable> arrived = new LinkedBlockingQueue<>();
    HttpServer busy =
        listen(
            0,
            2,
            request -> {
              Context peer = vertx.getOrCreateContext();
              arrived.add(() -> peer.runOnContext(turn -> request.response().end(request.path())));
            });
    String url = "https://localhost:" + busy.actualPort() + "/";
    List<Future<Answer>> pushes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pushes.add(send(url + i));
    }
    Runnable first = arrived.poll(20, TimeUnit.SECONDS);
    Runnable second = arrived.poll(20, TimeUnit.SECONDS);
    assertDelivered(goodUrl());
    first.run();
    assertEquals("/0", await(pushes.get(0)).response().body());
    Runnable third = arrived.poll(20, TimeUnit.SECONDS);
    assertFalse(pushes.get(3).isComplete());
    time.advance(Duration.ofMillis(HostRoute.MOMENT_MS));
    assertNotSent(pushes.get(3));
    assertNotSent(pushes.get(4));
    assertNotSent(url + 5);
    assertDelivered(goodUrl());

    second.run();
    third.run();
    assertEquals("/1", await(pushes.get(1)).response().body());
    assertEquals("/2", await(pushes.get(2)).response().body());
    // The streams close a moment later.
    await(when(now -> now.window() >= 16 + STREAMS + 1));
    Future<Answer> again = send(url + 6);
    arrived.poll(20, TimeUnit.SECONDS).run();
    assertEquals("/6", await(again).response().body());
  }

  @Test
  void allAreDownWhenEachIsAndAnotherIsTriedAllTheSame() throws Exception {
    assertEquals(State.CONNECTED, read(PushService::condition).state());
    assertNotSent(badUrl());
    assertEquals(State.CONNECTING, read(PushService::condition).state());
    assertTrue(read(PushService::window) > 0);
    assertDelivered(goodUrl());
    assertEquals(State.CONNECTED, read(PushService::condition).state());
  }

  @Test
  void aHostThatNothingIsSentToIsLeftAndFoundAgain() throws Exception {
    assertDelivered(goodUrl());
    for (int minute = 0; minute <= Routes.IDLE.toMinutes() + 1; minute++) {
      await(time.advance(Duration.ofMinutes(1)));
    }
    await(when(now -> now.connections().open() == 0));
    assertEquals(1, read(PushService::connections).made());
    assertEquals(0, time.pending(), "nothing is looked at any more");
    assertDelivered(goodUrl());
    assertEquals(2, read(PushService::connections).made());
  }

  @Test
  void soManyHostsAreKeptUpAndNoMore() throws Exception {
    for (int port = 1; port <= Routes.MOST_HOSTS + 10; port++) {
      assertNotSent("https://127.0.0.1:" + port + "/x");
      time.advance(Duration.ofMillis(1));
    }
    String why = read(PushService::condition).reason();
    assertTrue(why.contains("; and " + (Routes.MOST_HOSTS - 1) + " more hosts are down"), why);
    assertTrue(read(PushService::connections).failed() >= Routes.MOST_HOSTS + 10);
    assertDelivered(goodUrl());
  }
}
