// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.faults.FaultFixture.PHONE;
import static org.pushserver.faults.FaultFixture.await;
import static org.pushserver.faults.FaultFixture.awaitAll;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.Relay;
import org.pushserver.fake.TestTls;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/** A crowd gathers while there is no way to APNs, and is let go at once. */
class OutageIT {
  /** As many messages as the default queue takes, and calls until it is full. */
  private static final int MESSAGES = 80_000;

  private static final int CALLS = 20_000;

  private static TestTls tls;

  private FaultFixture fixture;
  private ApnsPeer apns;
  private Relay relay;

  @BeforeAll
  static void certify(@TempDir Path dir) throws Exception {
    tls = TestTls.create(dir);
  }

  @BeforeEach
  void start() throws Exception {
    fixture = new FaultFixture(tls);
    apns = fixture.apns(1000);
    relay = fixture.relay(apns.port());
    await(relay.refuse());
    fixture.start(fixture.apple(relay.port()));
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  @Test
  void aHundredThousandWaitAndAllGoOutTheCallsFirst() throws Exception {
    List<Push> messages = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      messages.add(fixture.books.message(PHONE, fixture.time.now()));
    }
    await(fixture.accept(messages));
    List<Push> calls = fixture.rings(CALLS);
    List<Future<Outcome>> ends = fixture.sendAll(calls);
    // The queue is full now, for calls and messages alike.
    assertEquals(Result.OVERLOADED, await(fixture.send(fixture.ring())).result());
    Push late = fixture.books.message(PHONE, fixture.time.now());
    assertEquals(503, await(fixture.send(late)).response().code());

    await(relay.accept());
    Future<Void> all = apns.ledger().untilArrivals(MESSAGES + CALLS);
    fixture.passUntil(apns.untilConnections(1));
    await(all);
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.DELIVERED, end.result());
      assertEquals(1, end.attempts());
    }
    Set<String> first = new HashSet<>(apns.ledger().pushes().subList(0, CALLS));
    assertTrue(calls.stream().allMatch(call -> first.contains(call.id().toString())));
    assertEquals(
        Map.of(Result.DELIVERED, MESSAGES + CALLS, Result.OVERLOADED, 2), fixture.books.tally());
    fixture.balance();
  }
}
