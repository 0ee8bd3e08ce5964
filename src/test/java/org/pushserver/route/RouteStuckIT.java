// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.WhenIdle;

/** What was given up does not reach the peer any more, however late it reads. */
class RouteStuckIT {
  private static final int REQUESTS = 400;
  private static final int LONG = 4000;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final TestTls tls = TestTls.shared();

  private final ManualTime time = new ManualTime();
  private LogTrail library;
  private Vertx vertx;
  private StuckPeer peer;
  private RouteFixture route;
  private List<Future<Reply>> replies;

  @BeforeEach
  void start() {
    library = new LogTrail("io.vertx");
    vertx = RouteFixture.vertx();
    peer = new StuckPeer(vertx, tls.server());
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    library.close();
    // What an operator has to know is told by us, once.
    assertEquals(List.of(), library.lines(Level.ERROR));
  }

  private static RouteOptions options(int port, WhenIdle whenIdle) {
    return RouteFixture.options(port, tls.trust(), whenIdle, new Limits(TIMEOUT, 1));
  }

  /** Sends more than the kernel takes while nobody reads. */
  private void send(WhenIdle whenIdle) throws Exception {
    route = new RouteFixture(options(await(peer.start()), whenIdle), vertx, time);
    route.open();
    replies = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      replies.add(route.post("/" + i + "x".repeat(LONG)));
    }
    route.run(() -> {});
    route.run(() -> {});
  }

  private void assertForgotten() throws Exception {
    for (Future<Reply> reply : replies) {
      assertInstanceOf(UnansweredException.class, failure(reply));
    }
    assertNotNull(await(peer.readToTheEnd()), "the connection ended in the orderly way");
    assertTrue(peer.bytes() < (long) REQUESTS * LONG / 2, peer.bytes() + " bytes arrived");
  }

  @Test
  void whatAPeerDidNotTakeBeforeItWasGivenUpNeverArrives() throws Exception {
    send(WhenIdle.PING);
    route.advance(time, Duration.ofMillis(2001));
    route.advance(time, Duration.ofSeconds(5));
    assertForgotten();
  }

  @Test
  void whatTimesOutOnAConnectionWithoutPingsNeverArrives() throws Exception {
    send(WhenIdle.LET_GO);
    route.advance(time, TIMEOUT);
    await(peer.another());
    assertForgotten();
  }

  @Test
  void whatTimesOutOnAConnectionThatWasLeftNeverArrives() throws Exception {
    send(WhenIdle.LET_GO);
    route.run(() -> route.route().leave(1, "credential refused"));
    route.advance(time, TIMEOUT);
    route.advance(time, Duration.ofSeconds(5));
    assertForgotten();
  }

  @Test
  void whatIsInFlightWhenTheRouteIsClosedNeverArrives() throws Exception {
    send(WhenIdle.LET_GO);
    await(route.start(() -> route.route().close()));
    assertForgotten();
  }

  @Test
  void aConnectionThatOwesNothingEndsInTheOrderlyWay() throws Exception {
    Peer answering = new Peer(vertx);
    int port = await(answering.start(Peer.http2(tls.server(), 0)));
    route = new RouteFixture(options(port, WhenIdle.LET_GO), vertx, time);
    route.open();
    assertEquals(200, await(route.post("/")).status());
    List<Throwable> troubles = new CopyOnWriteArrayList<>();
    Promise<Void> closed = Promise.promise();
    answering.lastConnection().exceptionHandler(troubles::add);
    answering.lastConnection().closeHandler(end -> closed.complete());
    await(route.start(() -> route.route().close()));
    await(closed.future());
    assertEquals(List.of(), troubles);
  }
}
