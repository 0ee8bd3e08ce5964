// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.Relay;
import org.pushserver.fake.TestTls;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.NotSentException;

/** What becomes of a connection on which nothing is heard. */
class RouteIdleIT {
  private static final Duration IDLE = Duration.ofMillis(60_001);
  private static final Duration BUSY = Duration.ofMillis(2001);
  private static final Duration PONG = Duration.ofSeconds(5);

  private static final TestTls tls = TestTls.shared();

  private final ManualTime time = new ManualTime();
  @RegisterExtension private final EventLoops loops = new EventLoops();
  private final Vertx vertx = loops.vertx;
  private final Peer peer = new Peer(vertx);
  private Relay relay;
  private RouteFixture route;

  @BeforeEach
  void start() throws Exception {
    relay = new Relay(vertx, await(peer.start(Peer.http2(tls.server(), 0))));
  }

  private void open(WhenIdle whenIdle) throws Exception {
    Limits limits = new Limits(Duration.ofSeconds(10), 1);
    route =
        new RouteFixture(
            RouteFixture.options(await(relay.start()).port(), tls.trust(), whenIdle, limits),
            vertx,
            time);
    route.open();
  }

  private Future<Buffer> ping() {
    Promise<Buffer> pinged = Promise.promise();
    peer.lastConnection().pingHandler(pinged::tryComplete);
    return pinged.future();
  }

  /** Lets the route send a PING, and waits until it has heard the answer. */
  private void pingAndPong(Duration after, long nextCheckMs) throws Exception {
    Future<Buffer> pinged = ping();
    Future<Long> answered = time.untilTimer(delay -> delay == nextCheckMs);
    route.advance(time, after);
    await(pinged);
    await(answered);
  }

  private Future<Reply> postSilently() throws Exception {
    peer.does(request -> {});
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> reply = route.post("/");
    await(received);
    return reply;
  }

  @Test
  void anIdleConnectionThatAnswersAPingEachMinuteIsKept() throws Exception {
    open(WhenIdle.PING);
    for (int i = 0; i < 3; i++) {
      pingAndPong(IDLE, 60_001);
    }
    assertEquals(10, route.window());
    assertEquals(1, peer.connections().size());
  }

  @Test
  void anIdleConnectionThatLostItsOtherEndIsReplacedBeforeItIsNeeded() throws Exception {
    open(WhenIdle.PING);
    await(relay.drop());
    await(relay.forward());
    Future<Long> pinging = time.untilTimer(delay -> delay == PONG.toMillis());
    route.advance(time, IDLE);
    await(pinging);
    route.advance(time, PONG);
    route.untilWindow(window -> window == 10);
    assertEquals(2, peer.connections().size());
    assertEquals(200, await(route.post("/")).status());
  }

  @Test
  void aConnectionThatDiesWithRequestsInFlightIsCutBeforeTheyTimeOut() throws Exception {
    open(WhenIdle.PING);
    await(route.post("/works"));
    Future<Reply> reply = postSilently();
    await(relay.drop());
    await(relay.forward());
    route.advance(time, BUSY);
    route.advance(time, PONG);
    Throwable failure = failure(reply);
    assertInstanceOf(UnansweredException.class, failure);
    peer.does(Peer::ok);
    route.untilWindow(window -> window == 10);
    assertEquals(200, await(route.post("/")).status());
  }

  /** A request that is never answered by a peer that answers PINGs. */
  private void timeOut() throws Exception {
    Future<Reply> reply = postSilently();
    for (int i = 0; i < 4; i++) {
      pingAndPong(BUSY, 2001);
    }
    route.advance(time, BUSY);
    assertTrue(failure(reply).getMessage().contains("within 10000 ms"));
  }

  @Test
  void onePushThatIsNeverAnsweredCostsAPeerThatAnswersPingsNoConnection() throws Exception {
    open(WhenIdle.PING);
    timeOut();
    route.untilWindow(window -> window == 10);
    assertEquals(Condition.CONNECTED, route.condition());
    peer.does(Peer::ok);
    assertEquals(200, await(route.post("/")).status());
    timeOut();
    assertEquals(1, peer.connections().size());
  }

  @Test
  void aPeerThatAnswersPingsButNoRequestsIsReplacedWithoutAGap() throws Exception {
    open(WhenIdle.PING);
    timeOut();
    timeOut();
    assertTrue(route.window() > 0);
    route.untilConnectionIsUsed(2);
    peer.does(Peer::ok);
    assertEquals(2, await(route.post("/")).connection());
    assertEquals(2, peer.connections().size());
  }

  @Test
  void noPingIsSentWhileAnswersCome() throws Exception {
    open(WhenIdle.PING);
    Future<Buffer> pinged = ping();
    for (int i = 0; i < 20; i++) {
      await(route.post("/"));
      route.advance(time, Duration.ofSeconds(1));
    }
    assertTrue(!pinged.isComplete());
  }

  @Test
  void aPeerThatMindsPingsGetsNone() throws Exception {
    open(WhenIdle.LET_GO);
    await(route.post("/works"));
    Future<Buffer> pinged = ping();
    route.advance(time, Duration.ofHours(2));
    assertEquals(0, time.pending());
    await(route.post("/works"));
    assertTrue(!pinged.isComplete());
  }

  @Test
  void whatThePeerClosesWithinAnHourOfTheLastRequestIsOpenedAgainAtOnce() throws Exception {
    open(WhenIdle.LET_GO);
    await(route.post("/works"));
    route.advance(time, Duration.ofMinutes(59));
    await(peer.lastConnection().close());
    peer.untilConnections(2);
    route.untilWindow(window -> window == 10);
  }

  @Test
  void whatThePeerClosesLaterIsOpenedAgainByTheNextRequest() throws Exception {
    open(WhenIdle.LET_GO);
    await(route.post("/works"));
    route.advance(time, Duration.ofMinutes(61));
    await(peer.lastConnection().close());
    route.untilWindow(window -> window == 1);
    assertEquals(
        new Condition(State.CONNECTED, "idle; will connect with the next push"), route.condition());
    assertEquals(0, time.pending());
    assertInstanceOf(NotSentException.class, failure(route.post("/")));
    route.untilWindow(window -> window == 10);
    assertEquals(Condition.CONNECTED, route.condition());
    assertEquals(200, await(route.post("/")).status());
    assertEquals(2, peer.connections().size());
  }

  @Test
  void aRouteThatWasNeverUsedRestsWhenThePeerGoesAway() throws Exception {
    open(WhenIdle.LET_GO);
    route.advance(time, Duration.ofMinutes(4));
    peer.lastConnection().goAway(0, 0, Buffer.buffer("session_timed_out"));
    route.untilWindow(window -> window == 1);
    assertEquals(1, peer.connections().size());
  }

  @Test
  void aConnectionThatThePeerClosesAtOnceIsNoReasonToRest() throws Exception {
    open(WhenIdle.LET_GO);
    Future<Long> retry = time.untilTimer(delay -> delay <= 600);
    await(peer.lastConnection().close());
    await(retry);
    assertEquals(State.CONNECTING, route.condition().state());
  }
}
