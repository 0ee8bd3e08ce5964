// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.Relay;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/** A crowd gathers while there is no way to APNs, and is let go at once. */
class OutageIT {
  /** As many messages as the default queue takes, and calls until it is full. */
  private static final int MESSAGES = 80_000;

  private static final int CALLS = 20_000;

  private static final int WINDOW = 1000;

  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private ApnsPeer apns;
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    apns = fixture.apns(WINDOW);
    relay = fixture.relay(apns.port());
    await(relay.refuse());
    fixture.start(fixture.apple(relay.port()));
  }

  @Test
  void aHundredThousandWaitAndAllGoOutTheCallsFirst() throws Exception {
    List<Push> messages = fixture.messages(MESSAGES);
    await(fixture.accept(messages));
    List<Push> calls = fixture.rings(CALLS);
    List<Future<Outcome>> ends = fixture.sendAll(calls);
    // The queue is full now, for calls and messages alike.
    assertEquals(Result.OVERLOADED, await(fixture.send(fixture.ring())).result());
    Push late = fixture.messages(1).get(0);
    assertEquals(503, await(fixture.send(late)).response().code());

    await(relay.accept());
    Future<Void> all = apns.ledger().untilArrivals(MESSAGES + CALLS);
    fixture.passUntil(apns.untilConnections(1));
    await(all);
    for (Outcome end : awaitAll(ends)) {
      assertEquals(Result.DELIVERED, end.result());
      assertEquals(1, end.attempts());
    }
    // What shares the window with the last calls may arrive before them.
    List<String> first = apns.ledger().pushes().subList(0, CALLS - WINDOW);
    Set<String> theirs = new HashSet<>();
    calls.forEach(call -> theirs.add(call.id().toString()));
    assertTrue(theirs.containsAll(first));
    assertEquals(
        Map.of(Result.DELIVERED, MESSAGES + CALLS, Result.OVERLOADED, 2), fixture.books.tally());
    fixture.balance();
  }
}
