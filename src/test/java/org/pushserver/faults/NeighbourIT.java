// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;
import static org.pushserver.faults.FaultFixture.OTHER_PHONE;
import static org.pushserver.faults.FaultFixture.PHONE;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.fake.ApnsCall;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.Relay;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/** Two applications, one of them in trouble: the other must not notice. */
class NeighbourIT {
  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private ApnsPeer apns;
  private ApnsPeer other;
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    apns = fixture.apns(100);
    other = fixture.apns(100);
    relay = fixture.relay(apns.port());
    fixture.start(
        fixture.apple(PHONE, relay.port(), Map.of()),
        fixture.apple(OTHER_PHONE, other.port(), Map.of()));
    await(apns.untilConnections(1));
    await(other.untilConnections(1));
  }

  private List<Future<Outcome>> send(AppKey app, int count) {
    return fixture.sendAll(
        IntStream.range(0, count)
            .mapToObj(i -> fixture.books.ring(app, fixture.time.now()))
            .toList());
  }

  private void healthyWhile(List<Future<Outcome>> stuck) throws Exception {
    for (int round = 0; round < 4; round++) {
      for (Outcome end : awaitAll(send(OTHER_PHONE, 500))) {
        assertEquals(Result.DELIVERED, end.result());
        assertEquals(1, end.attempts());
      }
    }
    assertTrue(stuck.stream().noneMatch(Future::isComplete));
  }

  @Test
  void anApplicationWhosePeerHasVanishedHoldsUpNoOther() throws Exception {
    await(relay.drop());
    List<Future<Outcome>> stuck = send(PHONE, 1000);
    healthyWhile(stuck);
    await(relay.forward());
    fixture.passUntil(Future.all(stuck));
    assertEquals(Map.of(Result.DELIVERED, 3000), fixture.books.tally());
    await(relay.cut());
    fixture.balance();
  }

  @Test
  void anApplicationWithoutAnyConnectionHoldsUpNoOther() throws Exception {
    await(relay.refuse());
    List<Future<Outcome>> stuck = send(PHONE, 1000);
    healthyWhile(stuck);
    fixture.passUntil(Future.all(stuck));
    assertEquals(Map.of(Result.DELIVERED, 2000, Result.EXPIRED, 1000), fixture.books.tally());
    fixture.balance();
  }

  @Test
  void anApplicationThatNobodyAnswersHoldsUpNoOther() throws Exception {
    apns.does(ApnsCall::keep);
    List<Future<Outcome>> stuck = send(PHONE, 1000);
    await(apns.ledger().untilArrivals(100));
    healthyWhile(stuck);
    apns.does(ApnsCall::take);
    apns.ledger().open().forEach(ApnsCall::take);
    awaitAll(stuck);
    assertEquals(Map.of(Result.DELIVERED, 3000), fixture.books.tally());
    fixture.balance();
  }
}
