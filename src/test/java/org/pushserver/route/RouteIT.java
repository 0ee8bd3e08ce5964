// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.NotSentException;

/** What a route makes of a peer that speaks HTTP/2. */
class RouteIT {
  private static final TestTls tls = TestTls.shared();

  private final ManualTime time = new ManualTime();
  @RegisterExtension private final EventLoops loops = new EventLoops();
  private final Vertx vertx = loops.vertx;
  private final Peer peer = new Peer(vertx);
  private RouteFixture route;

  @BeforeEach
  void start() throws Exception {
    int port = await(peer.start(Peer.http2(tls.server(), 0)));
    route = new RouteFixture(options(port), vertx, time);
  }

  private static RouteOptions options(int port) {
    return RouteFixture.options(
        port, tls.trust(), WhenIdle.LET_GO, new Limits(Duration.ofSeconds(10), 1));
  }

  private void settings(int streams) throws Exception {
    await(
        peer.lastConnection().updateSettings(new Http2Settings().setMaxConcurrentStreams(streams)));
  }

  @Test
  void theAnswerIsStatusHeadersAndBody() throws Exception {
    peer.does(
        request ->
            request.response().setStatusCode(429).putHeader("retry-after", "7").end("too many"));
    route.open();
    Reply reply = await(route.post("/3/device/a"));
    assertEquals(429, reply.status());
    assertEquals("7", reply.headers().get("retry-after"));
    assertEquals("too many", reply.body().toString());
    assertEquals("/3/device/a", peer.requests().get(0).path());
  }

  @Test
  void anAnswerOfAReasonableSizeIsReadToItsEnd() throws Exception {
    String text = "x".repeat(BoundedBody.MOST_BYTES);
    peer.does(request -> request.response().end(text));
    route.open();
    assertEquals(text, await(route.post("/")).body().toString());
  }

  @Test
  void anEndlessAnswerCountsByItsStatusAndDisturbsNoOther() throws Exception {
    Promise<Long> reset = Promise.promise();
    peer.does(request -> babble(request.response().setStatusCode(503), reset));
    route.open();
    Reply reply = await(route.post("/"));
    assertEquals(503, reply.status());
    assertEquals(0, reply.body().length());
    assertEquals(8, await(reset.future()));
    peer.does(Peer::ok);
    assertEquals("{}", await(route.post("/")).body().toString());
    assertEquals(1, peer.connections().size());
  }

  /** Writes until the stream is reset, and tells with which code. */
  private void babble(HttpServerResponse response, Promise<Long> reset) {
    response.exceptionHandler(cause -> reset.tryComplete(((StreamResetException) cause).getCode()));
    Buffer chunk = Buffer.buffer("x".repeat(1000));
    long timer = vertx.setPeriodic(1, id -> response.write(chunk));
    response.closeHandler(closed -> vertx.cancelTimer(timer));
  }

  @Test
  void theWindowIsWhatThePeerAllowsInAll() throws Exception {
    peer.does(request -> {});
    assertEquals(0, route.window());
    route.open();
    assertEquals(10, route.window());
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/");
    await(received);
    assertEquals(10, route.window());
    settings(3);
    route.untilWindow(window -> window == 3);
    Peer.ok(peer.requests().get(0));
    await(reply);
    route.untilWindow(window -> window == 3);
  }

  @Test
  void theWindowFollowsThePeersSettingsUpAndDown() throws Exception {
    route.open();
    settings(200);
    route.untilWindow(window -> window == 200);
    settings(1);
    route.untilWindow(window -> window == 1);
  }

  @Test
  void aRequestBeyondTheWindowIsNotSent() throws Exception {
    peer.does(request -> {});
    route.open();
    List<Future<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      replies.add(route.post("/"));
    }
    assertInstanceOf(NotSentException.class, failure(replies.get(10)));
  }

  @Test
  void whoWaitsForTheOnlyStreamIsToldWhenItIsFree() throws Exception {
    route.open();
    settings(1);
    route.untilWindow(window -> window == 1);
    for (int i = 0; i < 20; i++) {
      assertEquals(200, await(route.post("/")).status());
      route.untilWindow(window -> window == 1);
    }
    assertEquals(20, peer.requests().size());
  }

  @Test
  void aLimitThatFlipsWhileSendingLosesNothing() throws Exception {
    route.open();
    for (int limit : List.of(3, 40, 1, 100, 2)) {
      Future<Void> flipped =
          peer.lastConnection().updateSettings(new Http2Settings().setMaxConcurrentStreams(limit));
      await(new Flood(route, 400).done());
      await(flipped);
    }
    assertEquals(2000, peer.requests().size());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void afterGoAwayStreamsAboveTheLastIdWereNotSentAndThoseBelowAreAnswered() throws Exception {
    route.open();
    await(route.post("/works"));
    peer.does(request -> {});
    Future<HttpServerRequest> first = peer.nextRequest();
    Future<Reply> kept = route.post("/kept");
    HttpServerRequest keptRequest = await(first);
    Future<HttpServerRequest> second = peer.nextRequest();
    Future<Reply> dropped = route.post("/dropped");
    await(second);
    peer.lastConnection().goAway(0, keptRequest.streamId());

    assertInstanceOf(NotSentException.class, failure(dropped));
    // Ten on the new connection, and the one that still ends on the old.
    route.untilWindow(window -> window == 11);
    assertEquals(2, peer.connections().size());
    Peer.ok(keptRequest);
    assertEquals(200, await(kept).status());

    peer.does(Peer::ok);
    Future<HttpServerRequest> third = peer.nextRequest();
    assertEquals(200, await(route.post("/next")).status());
    assertSame(peer.connections().get(1), await(third).connection());
  }

  @Test
  void aThousandInFlightUnderAGoAwayAreEachAnsweredOrNotSent() throws Exception {
    route.open();
    settings(1000);
    route.untilWindow(window -> window == 1000);
    peer.does(request -> {});
    List<Future<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      replies.add(route.post("/"));
    }
    peer.untilRequests(1000);
    peer.lastConnection().goAway(0, peer.requests().get(399).streamId());
    for (Future<Reply> dropped : replies.subList(400, 1000)) {
      assertInstanceOf(NotSentException.class, failure(dropped));
    }
    peer.requests().subList(0, 400).forEach(Peer::ok);
    for (Future<Reply> kept : replies.subList(0, 400)) {
      assertEquals(200, await(kept).status());
    }
  }

  @Test
  void afterAGoAwayThatNamesNoStreamABrokenConnectionLeavesItsRequestsUnknown() throws Exception {
    route.open();
    await(route.post("/works"));
    peer.does(request -> {});
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/");
    await(received);
    // The first of the two with which a server goes gracefully.
    peer.lastConnection().goAway(0, Integer.MAX_VALUE);
    route.untilWindow(window -> window == 11);
    await(await(received).connection().close());
    assertInstanceOf(UnansweredException.class, failure(reply));
  }

  /** Begins an answer that takes the push. */
  private static HttpServerResponse begin(HttpServerRequest request) {
    HttpServerResponse response = request.response().setChunked(true);
    Future<Void> unused = response.write("{");
    return response;
  }

  private static void assertTakenInPart(Reply reply) {
    assertEquals(200, reply.status());
    assertEquals("{", reply.body().toString());
    assertEquals(false, reply.whole());
  }

  @Test
  void anAnswerWhoseConnectionIsCutBehindItsHeadersCountsByItsStatus() throws Exception {
    peer.does(
        request -> {
          HttpServerResponse unused = begin(request);
        });
    route.open();
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/");
    Future<Void> unused = await(received).connection().close();
    assertEquals(200, await(reply).status());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2, 7, 8, 11})
  void anAnswerThatIsBrokenOffBehindItsHeadersCountsByItsStatus(long code) throws Exception {
    Promise<HttpServerResponse> begun = Promise.promise();
    peer.does(request -> begun.complete(begin(request)));
    route.open();
    Future<Reply> reply = route.post("/");
    Future<Boolean> unused = await(begun.future()).reset(code).map(true);
    assertTakenInPart(await(reply));
    peer.does(Peer::ok);
    assertTrue(await(route.post("/")).whole());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void anAnswerThatNeverEndsCountsByItsStatusWhenItsTimeIsUp() throws Exception {
    peer.does(
        request -> {
          HttpServerResponse unused = begin(request);
        });
    route.open();
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/");
    await(received);
    // The headers are read once this is answered.
    peer.does(Peer::ok);
    assertEquals(200, await(route.post("/")).status());
    time.advance(Duration.ofSeconds(10));
    assertTakenInPart(await(reply));
    assertEquals(200, await(route.post("/")).status());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void longHeadersCostNobodyAnything() throws Exception {
    String longText = "x".repeat(100_000);
    peer.does(
        request -> request.response().setStatusCode(410).putHeader("x-long", longText).end("{}"));
    route.open();
    Reply reply = await(route.post("/"));
    assertEquals(410, reply.status());
    assertEquals("{}", reply.body().toString());
    peer.does(Peer::ok);
    assertEquals(200, await(route.post("/")).status());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void whatAnOperatorReadsOfALostConnectionHasNoJargon() throws Exception {
    route.open();
    await(route.post("/works"));
    peer.does(request -> request.connection().goAway(0, Integer.MAX_VALUE));
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/");
    HttpServerRequest request = await(received);
    route.untilWindow(window -> window == 11);
    await(request.connection().close());
    assertEquals(
        "localhost:" + peer.port() + ": the push service closes the connection",
        failure(reply).getMessage());
  }

  @Test
  void aRefusedStreamWasNotSentAndAnyOtherResetIsUnknown() throws Exception {
    route.open();
    peer.does(request -> request.response().reset(7));
    assertInstanceOf(NotSentException.class, failure(route.post("/")));
    peer.does(request -> request.response().reset(2));
    assertInstanceOf(UnansweredException.class, failure(route.post("/")));
    assertEquals(1, peer.connections().size());
  }

  @Test
  void aConnectionThatIsCutLeavesItsRequestsUnknownAndIsReplaced() throws Exception {
    peer.does(Peer::ok);
    route.open();
    await(route.post("/works"));
    peer.does(request -> request.connection().close());
    assertInstanceOf(UnansweredException.class, failure(route.post("/")));
    route.untilWindow(window -> window == 10);
    assertEquals(2, peer.connections().size());
  }

  @Test
  void aConnectionThatWasNeverAnyGoodIsReplacedOnlyAfterADelay() throws Exception {
    route.open();
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    await(peer.lastConnection().close());
    assertTrue(await(retry) >= 400);
    assertEquals(0, route.window());
    time.advance(Duration.ofMillis(600));
    route.untilWindow(window -> window == 10);
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsUnknownAndASilentConnectionIsReplacedAtOnce()
      throws Exception {
    peer.does(request -> {});
    route.open();
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/");
    await(received);
    time.advance(Duration.ofSeconds(10));
    Throwable failure = failure(reply);
    assertInstanceOf(UnansweredException.class, failure);
    assertTrue(failure.getMessage().contains("within 10000 ms"), failure.getMessage());
    assertTrue(route.window() > 0);
    route.untilConnectionIsUsed(2);
    assertEquals(10, route.window());
    assertEquals(2, peer.connections().size());
  }

  @Test
  void aPeerThatAllowsNoRequestsIsNotConnectedAndAnotherConnectionIsTried() throws Exception {
    Peer closed = new Peer(vertx);
    int port =
        await(
            closed.start(
                Peer.http2(tls.server(), 0)
                    .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(0))));
    RouteFixture barred = new RouteFixture(options(port), vertx, time);
    Future<Long> watched = time.untilTimer(delay -> delay == ConnectionWear.BARRED_MS);
    barred.run(barred.route()::open);
    await(watched);
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    barred.run(() -> {});
    assertEquals(State.CONNECTING, barred.condition().state());
    assertEquals(
        "localhost:" + port + " takes the connection, but allows no pushes on it",
        barred.problem());
    time.advance(Duration.ofMillis(ConnectionWear.BARRED_MS));
    await(retry);
    time.advance(Duration.ofMillis(600));
    closed.untilConnections(2);
    await(
        closed.connections().get(1).updateSettings(new Http2Settings().setMaxConcurrentStreams(7)));
    barred.untilWindow(window -> window == 7);
    assertEquals("", barred.problem());
  }

  @Test
  void aConnectionThatAnswersOthersSurvivesATimeOut() throws Exception {
    peer.does(request -> {});
    route.open();
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/slow");
    await(received);
    time.advance(Duration.ofSeconds(5));
    peer.does(Peer::ok);
    await(route.post("/quick"));
    time.advance(Duration.ofSeconds(5));
    assertInstanceOf(UnansweredException.class, failure(reply));
    route.untilWindow(window -> window == 10);
    assertEquals(1, peer.connections().size());
  }

  @Test
  void aRouteToNowhereIsUpSoonAfterItsPeerIs() throws Exception {
    int port = await(peer.start(Peer.http2(tls.server(), 0)));
    await(peer.stop());
    RouteFixture early = new RouteFixture(options(port), vertx, time);
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    early.run(early.route()::open);
    await(retry);
    assertEquals(0, early.window());
    assertInstanceOf(NotSentException.class, failure(early.post("/")));
    Peer late = new Peer(vertx);
    assertEquals(port, await(late.start(Peer.http2(tls.server(), port))));
    time.advance(Duration.ofMillis(600));
    early.untilWindow(window -> window == 10);
    assertEquals("", early.problem());
  }

  @Test
  void anAttemptThatFailsCancelsNoTimerOfOthers() throws Exception {
    Promise<Void> rung = Promise.promise();
    Vertx ownVertx = Vertx.vertx();
    // Its first timer is the one that Vert.x mixes up with none.
    assertEquals(0, ownVertx.setTimer(500, id -> rung.complete()));
    await(peer.stop());
    RouteFixture early = new RouteFixture(options(peer.port()), ownVertx, time);
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    early.run(early.route()::open);
    await(retry);
    await(rung.future());
    await(early.start(() -> early.route().close()));
    await(ownVertx.close());
  }

  @Test
  void aReplacementOnDemandComesWhileTheOldConnectionStillAnswers() throws Exception {
    peer.does(Peer::ok);
    route.open();
    await(route.post("/works"));
    peer.does(request -> {});
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> old = route.post("/old");
    HttpServerRequest oldRequest = await(received);
    route.run(() -> route.route().leave(1, "credential refused"));
    route.untilWindow(window -> window == 11);
    peer.does(Peer::ok);
    received = peer.nextRequest();
    await(route.post("/new"));
    assertNotSame(oldRequest.connection(), await(received).connection());
    Peer.ok(oldRequest);
    assertEquals(200, await(old).status());
  }

  @Test
  void closingFailsWhatIsInFlightAndEndsTheConnection() throws Exception {
    peer.does(request -> {});
    route.open();
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/");
    await(received);
    Future<Void> ended = route.start(() -> route.route().close());
    assertInstanceOf(UnansweredException.class, failure(reply));
    await(ended);
    assertEquals(0, route.window());
    assertEquals(0, time.pending());
    assertEquals(1, peer.connections().size());
  }
}
