// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.ApnsCall;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.ApnsPeer.Link;
import org.pushserver.fake.Relay;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/** The connection to APNs cannot be made, changes its rules, is left, or breaks. */
class ConnectionFaultsIT {
  /** TLS: a fatal alert, handshake_failure. */
  private static final byte[] NO_TLS = {21, 3, 3, 0, 2, 2, 40};

  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private ApnsPeer apns;
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    apns = fixture.apns(1000);
    relay = fixture.relay(apns.port());
  }

  @CanIgnoreReturnValue
  private Link connect() throws Exception {
    fixture.start(fixture.apple(relay.port()));
    return await(apns.untilConnections(1));
  }

  private static void delivered(List<Future<Outcome>> ends, int attempts) throws Exception {
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.DELIVERED, end.result());
      assertEquals(attempts, end.attempts());
    }
  }

  /** The route is down, then up: pushes have waited without costing an attempt. */
  private void delivered(List<Future<Outcome>> ends) throws Exception {
    fixture.passUntil(Future.all(ends));
    delivered(ends, 1);
    fixture.balance();
  }

  @Test
  void pushesWaitWhileApnsRefusesTls() throws Exception {
    NetServer refuser =
        await(
            fixture
                .peers
                .createNetServer()
                .connectHandler(
                    socket -> socket.handler(hello -> socket.end(Buffer.buffer(NO_TLS))))
                .listen(0, "127.0.0.1"));
    await(relay.target(refuser.actualPort()));
    fixture.start(fixture.apple(relay.port()));
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(100));
    while (relay.accepted() < 3) {
      fixture.passUntil(relay.untilAccepted(relay.accepted() + 1));
    }
    await(relay.target(apns.port()));
    delivered(ends);
  }

  @Test
  void pushesWaitWhileConnectionsAreRefused() throws Exception {
    await(relay.refuse());
    fixture.start(fixture.apple(relay.port()));
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(100));
    fixture.pass(Duration.ofSeconds(10));
    await(relay.accept());
    delivered(ends);
  }

  @Test
  void pushesWaitWhileAConnectionNeverGetsAsFarAsTls() throws Exception {
    await(relay.drop());
    fixture.start(fixture.apple(relay.port()));
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(100));
    await(relay.untilAccepted(1));
    await(relay.forward());
    delivered(ends);
  }

  @Test
  void theWindowFollowsSettingsUpAndDownWhileSending() throws Exception {
    apns.does(ApnsCall::keep);
    Link link = connect();
    await(link.settings(1));
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(2500));
    await(apns.ledger().untilArrivals(1));
    fixture.settle();
    assertEquals(1, apns.ledger().arrivals());

    await(link.settings(1000));
    await(apns.ledger().untilArrivals(1000));
    fixture.settle();
    assertEquals(1000, apns.ledger().arrivals());

    await(link.settings(1));
    List<ApnsCall> open = apns.ledger().open();
    open.subList(0, 999).forEach(ApnsCall::take);
    fixture.settle();
    assertEquals(1000, apns.ledger().arrivals());
    open.get(999).take();
    await(apns.ledger().untilArrivals(1001));
    fixture.settle();
    assertEquals(1001, apns.ledger().arrivals());

    apns.does(ApnsCall::take);
    apns.ledger().open().forEach(ApnsCall::take);
    await(link.settings(1000));
    delivered(ends, 1);
    assertEquals(1, apns.connections());
    fixture.balance();
  }

  @Test
  void aLimitThatFlipsWhileSendingCostsNoPushAnything() throws Exception {
    Link link = connect();
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(5000));
    int limit = 1;
    while (apns.ledger().arrivals() < 4500) {
      await(link.settings(limit));
      await(apns.ledger().untilArrivals(Math.min(apns.ledger().arrivals() + 100, 4500)));
      limit = limit == 1 ? 1000 : 1;
    }
    await(link.settings(1000));
    delivered(ends, 1);
    assertEquals(1, apns.connections());
    fixture.balance();
  }

  @Test
  void afterGoAwayUnderLoadTheHigherStreamsGoAgainAtOnceAndTheLowerKeepTheirChance()
      throws Exception {
    apns.does(ApnsCall::keep);
    Link old = connect();
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(1000));
    await(apns.ledger().untilArrivals(1000));
    List<ApnsCall> calls = apns.ledger().open();
    List<ApnsCall> lower = calls.subList(0, 400);
    // The connection must have worked once, or its replacement waits.
    lower.get(0).take();
    fixture.settle();
    apns.does(ApnsCall::take);
    await(old.goAway(lower.get(399).streamId()));
    await(apns.ledger().untilArrivals(1600));
    awaitAll(ends.subList(400, 1000));
    assertEquals(399, ends.stream().filter(end -> !end.isComplete()).count());
    lower.forEach(ApnsCall::take);
    delivered(ends, 1);
    assertEquals(1600, apns.ledger().arrivals());
    assertEquals(2, apns.connections());
    fixture.balance();
  }

  @Test
  void aGoAwayThatOnlyAnnouncesItselfMovesNewPushesAndCostsTheOldOnesNothing() throws Exception {
    apns.does(ApnsCall::keep);
    Link old = connect();
    List<Future<Outcome>> before = fixture.sendAll(fixture.rings(100));
    await(apns.ledger().untilArrivals(100));
    List<ApnsCall> calls = apns.ledger().open();
    calls.get(0).take();
    fixture.settle();
    await(old.goAway(ApnsPeer.ALL_STREAMS));
    await(apns.untilConnections(2));
    apns.does(ApnsCall::take);
    delivered(fixture.sendAll(fixture.rings(100)), 1);
    await(old.goAway(calls.get(99).streamId()));
    calls.forEach(ApnsCall::take);
    delivered(before, 1);
    assertEquals(200, apns.ledger().arrivals());
    assertEquals(2, apns.connections());
    fixture.balance();
  }

  @Test
  void whatTheSecondOfTwoGoAwaysCutsOffGoesAgainKnowingly() throws Exception {
    apns.does(ApnsCall::keep);
    Link old = connect();
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(100));
    await(apns.ledger().untilArrivals(100));
    List<ApnsCall> calls = apns.ledger().open();
    calls.get(0).take();
    fixture.settle();
    await(old.goAway(ApnsPeer.ALL_STREAMS));
    await(apns.untilConnections(2));
    apns.does(ApnsCall::take);
    await(old.goAway(calls.get(59).streamId()));
    calls.subList(0, 60).forEach(ApnsCall::take);
    fixture.passUntil(Future.all(ends));
    delivered(ends.subList(0, 60), 1);
    for (Outcome end : awaitAll(ends.subList(60, 100))) {
      assertEquals(Result.DELIVERED, end.result());
    }
    assertEquals(140, apns.ledger().arrivals());
    fixture.balance();
  }

  @ParameterizedTest
  @ValueSource(strings = {"FIN", "RST"})
  void aConnectionThatIsCutInTheMiddleOfAnswersIsReplacedAndTheirStatusCounts(String how)
      throws Exception {
    apns.does(ApnsCall::take);
    connect();
    delivered(fixture.sendAll(fixture.rings(1)), 1);
    apns.does(ApnsCall::begin);
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(100));
    await(apns.ledger().untilArrivals(101));
    fixture.settle();
    assertTrue(ends.stream().noneMatch(Future::isComplete));
    apns.does(ApnsCall::take);
    await(how.equals("FIN") ? relay.cut() : relay.reset());
    fixture.passUntil(Future.all(ends));
    delivered(ends, 1);
    await(apns.untilConnections(2));
    fixture.balance();
  }

  @Test
  void aConnectionThatIsCutBeforeItsRequestsArriveLosesNone() throws Exception {
    connect();
    delivered(fixture.sendAll(fixture.rings(1)), 1);
    await(relay.hold());
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(100));
    fixture.turn();
    fixture.turn();
    await(relay.cut());
    await(relay.release());
    fixture.passUntil(Future.all(ends));
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.DELIVERED, end.result());
    }
    fixture.balance();
  }

  @Test
  void aPeerThatVanishesWithPushesInFlightIsNoticedByTheirTimeOut() throws Exception {
    connect();
    delivered(fixture.sendAll(fixture.rings(1)), 1);
    apns.does(ApnsCall::keep);
    List<Future<Outcome>> before = fixture.sendAll(fixture.rings(50));
    await(apns.ledger().untilArrivals(51));
    await(relay.drop());
    List<Future<Outcome>> after = fixture.sendAll(fixture.rings(50));
    fixture.turn();
    fixture.turn();
    apns.does(ApnsCall::take);
    await(relay.forward());
    await(fixture.time.advance(Duration.ofSeconds(10)));
    fixture.passUntil(Future.all(before));
    fixture.passUntil(Future.all(after));
    // Only now does the peer learn that whoever it heard of before has gone.
    await(relay.cut());
    delivered(before, 2);
    delivered(after, 2);
    assertEquals(2, apns.connections());
    assertEquals(Map.of(Result.DELIVERED, 101), fixture.books.tally());
    fixture.settle();
    fixture.balance();
  }

  @Test
  void aPeerThatVanishesWhileNothingIsInFlightIsNoticedBeforeTheNextPush() throws Exception {
    connect();
    delivered(fixture.sendAll(fixture.rings(1)), 1);
    await(relay.drop());
    await(relay.forward());
    await(fixture.time.advance(Duration.ofSeconds(61)));
    fixture.passUntil(apns.untilConnections(2));
    fixture.settle();
    delivered(fixture.sendAll(fixture.rings(100)), 1);
    await(relay.cut());
    fixture.balance();
  }
}
