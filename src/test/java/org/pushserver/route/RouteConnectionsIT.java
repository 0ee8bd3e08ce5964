// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.WhenIdle;

/** How many connections a route has. The peer allows ten requests at a time on each. */
class RouteConnectionsIT {
  private static final int MOST = 3;
  private static final Duration LOOK = Duration.ofMillis(Demand.LOOK_MS);
  private static final Duration REVIEW = Duration.ofMillis(Demand.REVIEW_MS);

  private static final TestTls tls = TestTls.shared();

  private final ManualTime time = new ManualTime();
  @RegisterExtension private final EventLoops loops = new EventLoops();
  private final Vertx vertx = loops.vertx;
  private final Peer peer = new Peer(vertx);
  private RouteFixture route;
  private int port;

  @BeforeEach
  void start() throws Exception {
    port = await(peer.start(Peer.http2(tls.server(), 0)));
    open(new Limits(Duration.ofMinutes(30), MOST));
  }

  private void open(Limits limits) throws Exception {
    route =
        new RouteFixture(
            RouteFixture.options(port, tls.trust(), WhenIdle.LET_GO, limits), vertx, time);
    route.open();
  }

  /** Fills the window with requests that get no answer. */
  private void fill() throws Exception {
    peer.does(request -> {});
    int free = route.window() - route.inFlight();
    for (int i = 0; i < free; i++) {
      Future<HttpServerRequest> received = peer.nextRequest();
      Future<Reply> unused = route.post("/");
      await(received);
    }
    assertEquals(route.window(), route.inFlight());
  }

  private void answerAll() throws Exception {
    peer.does(Peer::ok);
    peer.requests().stream().filter(request -> !request.response().ended()).forEach(Peer::ok);
    route.untilInFlight(0);
  }

  private void pass(Duration step, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      route.advance(time, step);
    }
  }

  /** Makes the route open one more, and shows that it is any good. */
  private void grow() throws Exception {
    await(route.post("/works"));
    int before = route.window();
    fill();
    pass(LOOK, 5);
    route.untilWindow(window -> window == before + 10);
    peer.does(Peer::ok);
    await(route.post("/works"));
    answerAll();
  }

  @Test
  void aRouteThatStaysFullOpensFurtherConnectionsButNeverMoreThanTheMost() throws Exception {
    assertEquals(1, peer.connections().size());
    grow();
    assertEquals(2, peer.connections().size());
    grow();
    assertEquals(3, peer.connections().size());
    fill();
    pass(LOOK, 50);
    answerAll();
    assertEquals(30, route.window());
    assertEquals(MOST, peer.connections().size());
  }

  @Test
  void aRouteThatIsFullForAMomentKeepsItsOneConnection() throws Exception {
    await(route.post("/works"));
    for (int i = 0; i < 5; i++) {
      fill();
      pass(LOOK, 2);
      answerAll();
      pass(LOOK, 2);
    }
    assertEquals(1, peer.connections().size());
  }

  @Test
  void aPeerThatAllowsOneRequestAtATimeGetsNoFurtherConnection() throws Exception {
    await(route.post("/works"));
    await(peer.lastConnection().updateSettings(new Http2Settings().setMaxConcurrentStreams(1)));
    route.untilWindow(window -> window == 1);
    fill();
    pass(LOOK, 20);
    assertEquals(1, peer.connections().size());
  }

  @Test
  void aConnectionThatHasAnsweredNothingYetIsNoReasonForAnother() throws Exception {
    fill();
    pass(LOOK, 20);
    assertEquals(1, peer.connections().size());
  }

  @Test
  void requestsGoWhereThereIsMostRoom() throws Exception {
    grow();
    peer.does(request -> {});
    List<HttpServerRequest> requests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Future<HttpServerRequest> received = peer.nextRequest();
      Future<Reply> unused = route.post("/");
      requests.add(await(received));
      if (i % 2 == 1) {
        assertNotSame(requests.get(i - 1).connection(), requests.get(i).connection());
      }
    }
  }

  @Test
  void whatIsNotNeededForFiveMinutesIsLeft() throws Exception {
    grow();
    grow();
    // The minute in which they were needed, and five more.
    pass(REVIEW, 6);
    route.untilWindow(window -> window == 20);
    pass(REVIEW, 5);
    route.untilWindow(window -> window == 10);
    assertEquals(200, await(route.post("/")).status());
    assertEquals(MOST, peer.connections().size());
  }

  @Test
  void limitsThatFlipOnSeveralConnectionsWhileSendingLoseNothing() throws Exception {
    grow();
    grow();
    int before = peer.requests().size();
    for (int limit : List.of(1, 1000, 1)) {
      List<Future<Void>> flipped = new ArrayList<>();
      for (HttpConnection connection : peer.connections()) {
        flipped.add(connection.updateSettings(new Http2Settings().setMaxConcurrentStreams(limit)));
      }
      await(new Flood(route, 1000).done());
      await(Future.all(flipped));
    }
    assertEquals(3000, peer.requests().size() - before);
    assertEquals(MOST, peer.connections().size());
    route.untilWindow(window -> window == MOST);
  }

  @Test
  void oneOfSeveralThatBreaksInUseIsReplacedAndTheOthersGoOn() throws Exception {
    grow();
    peer.does(request -> {});
    Future<HttpServerRequest> received = peer.nextRequest();
    Future<Reply> first = route.post("/");
    HttpConnection broken = await(received).connection();
    received = peer.nextRequest();
    Future<Reply> second = route.post("/");
    HttpServerRequest kept = await(received);
    await(broken.close());
    assertInstanceOf(UnansweredException.class, failure(first));
    route.untilWindow(window -> window == 20);
    assertEquals(3, peer.connections().size());
    Peer.ok(kept);
    assertEquals(200, await(second).status());
  }

  @Test
  void oneOfSeveralThatGoesUnusedIsNotReplaced() throws Exception {
    grow();
    await(peer.lastConnection().close());
    route.untilWindow(window -> window == 10);
    assertEquals(200, await(route.post("/")).status());
    assertEquals(2, peer.connections().size());
  }

  @Test
  void aConnectionThatIsWornOutIsReplacedBeforeItIsLeft() throws Exception {
    open(new Limits(Duration.ofSeconds(10), 1, 5));
    int before = peer.connections().size();
    for (int i = 0; i < 4; i++) {
      await(route.post("/"));
    }
    assertEquals(before, peer.connections().size());
    Flood flood = new Flood(route, 3);
    await(flood.done());
    assertEquals(0, flood.notSent());
    peer.untilConnections(before + 1);
    route.untilConnectionIsUsed(2);
    assertEquals(before + 1, peer.connections().size());
    Future<HttpServerRequest> received = peer.nextRequest();
    assertTrue(await(route.post("/")).connection() > 1);
    assertEquals(peer.lastConnection(), await(received).connection());
  }

  /** Answers so many requests on each connection, and names the last of them in a GOAWAY. */
  private static Consumer<HttpServerRequest> closesAfter(int most) {
    Map<HttpConnection, AtomicInteger> counts = new ConcurrentHashMap<>();
    return request -> {
      HttpConnection connection = request.connection();
      int count =
          counts.computeIfAbsent(connection, first -> new AtomicInteger()).incrementAndGet();
      if (count <= most) {
        Peer.ok(request);
      }
      if (count == most) {
        connection.goAway(0, request.streamId());
      }
    };
  }

  @Test
  void aPeerThatClosesEachConnectionAfterTheSameNumberIsGivenLittleMore() throws Exception {
    Peer strict = new Peer(vertx);
    strict.does(closesAfter(100));
    port =
        await(
            strict.start(
                Peer.http2(tls.server(), 0)
                    .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(1000))));
    open(new Limits(Duration.ofMinutes(30), 1));
    Flood flood = new Flood(route, 3000);
    await(flood.done());
    // What goes beyond is sent in vain: all that fits at first, and a part now and then.
    assertTrue(flood.notSent() < 2500, flood.notSent() + " were sent in vain");
    assertTrue(strict.connections().size() < 60, strict.connections().size() + " connections");
  }

  @Test
  void whatThePeerSaysWhenItClosesIsOneLineWithoutTokens() throws Exception {
    String token = "6688ff9c1e2d3b4a5968778695a4b3c2d1e0f00112233445566778899aabbcc0";
    try (LogTrail log = new LogTrail(Route.class.getName())) {
      await(route.post("/works"));
      String said = "too many for " + token + "\n" + "x ".repeat(4000);
      peer.lastConnection().goAway(0, Integer.MAX_VALUE, Buffer.buffer(said));
      peer.untilConnections(2);
      route.untilWindow(window -> window > 0);
      List<String> lines =
          log.lines().stream().filter(line -> line.contains("too many for ")).toList();
      assertEquals(1, lines.size(), () -> log.lines().toString());
      String line = lines.get(0);
      assertTrue(line.contains("and says too many for (hidden) x x"), line);
      assertTrue(line.length() < 800 && line.indexOf('\n') < 0, line);
    }
  }
}
