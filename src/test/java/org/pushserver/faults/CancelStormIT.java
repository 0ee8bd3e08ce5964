// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.ApnsCall;
import org.pushserver.fake.ApnsCall.Fate;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.Relay;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;

/** Calls that are cancelled, in every order in which rings and cancels can come. */
class CancelStormIT {
  private static final int CALLS = 1000;
  private static final int BATCHES = 40;

  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private ApnsPeer apns;
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    apns = fixture.apns(200);
    relay = fixture.relay(apns.port());
  }

  private void connect() throws Exception {
    fixture.start(fixture.apple(relay.port()));
    await(apns.untilConnections(1));
  }

  private List<Push> cancels(List<Push> rings) {
    return rings.stream().map(ring -> fixture.books.cancel(ring, fixture.time.now())).toList();
  }

  private static void all(List<Future<Outcome>> ends, Result result, int code) throws Exception {
    for (Outcome end : awaitAll(ends)) {
      assertEquals(result, end.result());
      assertEquals(code, end.response().code());
    }
  }

  @Test
  void whereRingsAndCancelsMeetWhileTheRouteIsDownNothingIsSent() throws Exception {
    await(relay.refuse());
    fixture.start(fixture.apple(relay.port()));
    List<Push> rings = fixture.rings(CALLS);
    List<Future<Outcome>> rung = fixture.sendAll(rings);
    all(fixture.sendAll(cancels(rings)), Result.SUPERSEDED, 200);
    all(rung, Result.SUPERSEDED, 409);
    await(relay.accept());
    Future<Outcome> other = fixture.send(fixture.ring());
    fixture.passUntil(other);
    assertEquals(1, apns.ledger().arrivals());
    fixture.balance();
  }

  @Test
  void aCancelWaitsForItsRingInFlightAndFollowsIt() throws Exception {
    connect();
    apns.does(ApnsCall::keep);
    List<Push> rings = fixture.rings(100);
    List<Future<Outcome>> rung = fixture.sendAll(rings);
    await(apns.ledger().untilArrivals(100));
    List<Future<Outcome>> cancelled = fixture.sendAll(cancels(rings));
    fixture.settle();
    assertEquals(100, apns.ledger().arrivals());
    apns.does(ApnsCall::take);
    apns.ledger().open().forEach(ApnsCall::take);
    all(rung, Result.DELIVERED, 200);
    all(cancelled, Result.DELIVERED, 200);
    assertEquals(200, apns.ledger().arrivals());
    fixture.balance();
  }

  @Test
  void aCancelOfARingThatWasRefusedIsNotSent() throws Exception {
    connect();
    apns.does(ApnsCall::keep);
    List<Push> rings = fixture.rings(100);
    List<Future<Outcome>> rung = fixture.sendAll(rings);
    await(apns.ledger().untilArrivals(100));
    List<Future<Outcome>> cancelled = fixture.sendAll(cancels(rings));
    fixture.settle();
    apns.ledger().open().forEach(call -> call.refuse(410, "Unregistered"));
    all(rung, Result.DEAD_TOKEN, 410);
    all(cancelled, Result.SUPERSEDED, 200);
    assertEquals(100, apns.ledger().arrivals());
    fixture.balance();
  }

  @Test
  void aRingThatMayHaveArrivedIsFollowedByItsCancelAndNotSentAgain() throws Exception {
    connect();
    apns.does(ApnsCall::keep);
    List<Push> rings = fixture.rings(100);
    List<Future<Outcome>> rung = fixture.sendAll(rings);
    await(apns.ledger().untilArrivals(100));
    List<Future<Outcome>> cancelled = fixture.sendAll(cancels(rings));
    fixture.settle();
    apns.does(ApnsCall::take);
    apns.ledger().open().forEach(call -> call.reset(2));
    all(rung, Result.SUPERSEDED, 409);
    all(cancelled, Result.DELIVERED, 200);
    assertEquals(200, apns.ledger().arrivals());
    fixture.balance();
  }

  @Test
  void aRingThatIsOvertakenByItsCancelIsNotSent() throws Exception {
    connect();
    apns.does(ApnsCall::keep);
    List<Push> rings = fixture.rings(CALLS);
    List<Future<Outcome>> cancelled = fixture.sendAll(cancels(rings));
    all(fixture.sendAll(rings), Result.SUPERSEDED, 409);
    apns.does(ApnsCall::take);
    apns.ledger().open().forEach(ApnsCall::take);
    all(cancelled, Result.DELIVERED, 200);
    assertEquals(CALLS, apns.ledger().arrivals());
    fixture.balance();
  }

  @Test
  void whatIsRepeatedIsSentOnceAndAnsweredToAll() throws Exception {
    connect();
    apns.does(ApnsCall::keep);
    List<Push> rings = fixture.rings(100);
    List<Future<Outcome>> ends = new ArrayList<>(fixture.sendAll(rings));
    for (int i = 0; i < 9; i++) {
      ends.addAll(
          fixture.sendAll(
              rings.stream().map(r -> fixture.books.again(r, fixture.time.now())).toList()));
    }
    await(apns.ledger().untilArrivals(100));
    fixture.settle();
    apns.ledger().open().forEach(ApnsCall::take);
    all(ends, Result.DELIVERED, 200);
    assertEquals(1000, ends.size());
    assertEquals(100, apns.ledger().arrivals());
    fixture.balance();
  }

  /** Mostly taken; else in trouble of every kind. */
  private static void moody(Random random, ApnsCall call) {
    int draw = random.nextInt(100);
    if (draw < 70) {
      call.take();
    } else if (draw < 80) {
      call.defer(503, "ServiceUnavailable");
    } else if (draw < 85) {
      call.refuse(410, "Unregistered");
    } else if (draw < 89) {
      call.reset(2);
    } else if (draw < 92) {
      call.refuseStream();
    } else {
      call.keep();
    }
  }

  /**
   * Which push comes when.
   *
   * @param overtaken the device tokens of rings that come right behind their cancel, by batch
   */
  private record Plan(List<List<Push>> batches, List<Set<String>> overtaken) {
    boolean isOvertaken(Push push) {
      return overtaken.stream().anyMatch(batch -> batch.contains(push.device().token()));
    }
  }

  private Plan plan(Random random) {
    List<List<Push>> batches = new ArrayList<>();
    List<Set<String>> overtaken = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(new ArrayList<>());
      overtaken.add(new HashSet<>());
    }
    for (Push ring : fixture.rings(CALLS)) {
      Push cancel = fixture.books.cancel(ring, fixture.time.now());
      int first = random.nextInt(BATCHES);
      if (random.nextInt(4) == 0) {
        batches.get(first).add(cancel);
        batches.get(first).add(ring);
        overtaken.get(first).add(ring.device().token());
      } else {
        batches.get(first).add(ring);
        batches.get(Math.min(first + random.nextInt(4), BATCHES - 1)).add(cancel);
      }
    }
    return new Plan(batches, overtaken);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void howeverRingsAndCancelsComeNoPhoneRingsOn(long seed) throws Exception {
    connect();
    Random random = new Random(seed);
    Random moods = new Random(seed);
    Plan plan = plan(random);
    Map<String, Future<Outcome>> ends = new HashMap<>();
    for (int i = 0; i < BATCHES; i++) {
      // A ring is overtaken only while its cancel is on its way.
      Set<String> kept = plan.overtaken().get(i);
      apns.does(
          call -> {
            if (!kept.contains(call.token())) {
              moody(moods, call);
            }
          });
      List<Push> batch = plan.batches().get(i);
      List<Future<Outcome>> sent = fixture.sendAll(batch);
      for (int n = 0; n < batch.size(); n++) {
        ends.put(batch.get(n).id().toString(), sent.get(n));
      }
      fixture.settle();
      apns.does(call -> moody(moods, call));
      apns.ledger().open().stream()
          .filter(open -> random.nextInt(3) == 0)
          .forEach(open -> moody(random, open));
      if (random.nextBoolean()) {
        fixture.pass(Duration.ofMillis(250));
      }
    }
    apns.does(ApnsCall::take);
    apns.ledger().open().forEach(ApnsCall::take);
    fixture.passUntil(Future.all(List.copyOf(ends.values())));
    assertEquals(2 * CALLS, ends.size());
    checkPhones(plan, ends);
    // It was a storm: all ends came about, and many.
    Map<Result, Integer> tally = fixture.books.tally();
    assertTrue(tally.get(Result.SUPERSEDED) > CALLS / 4, tally::toString);
    assertTrue(tally.get(Result.DELIVERED) > CALLS / 2, tally::toString);
    assertTrue(tally.get(Result.DEAD_TOKEN) > 0, tally::toString);
    fixture.balance();
  }

  private void checkPhones(Plan plan, Map<String, Future<Outcome>> ends) {
    Map<String, List<ApnsCall>> byPhone =
        apns.ledger().all().stream().collect(Collectors.groupingBy(ApnsCall::token));
    for (String id : ends.keySet()) {
      Push push = fixture.books.push(id);
      if (push.event().kind() == Kind.CANCEL) {
        List<ApnsCall> seen = byPhone.getOrDefault(push.device().token(), List.of());
        boolean cancelSeen = false;
        boolean mayRing = false;
        for (ApnsCall call : seen) {
          boolean isRing = !call.id().equals(id);
          assertFalse(isRing && cancelSeen, () -> "rings after its cancel: " + seen);
          cancelSeen |= !isRing;
          mayRing |= isRing && (call.fate() == Fate.TAKEN || call.fate() == Fate.UNKNOWN);
        }
        assertFalse(
            mayRing && ends.get(id).result().result() == Result.SUPERSEDED,
            () -> "rings on: " + seen);
        assertFalse(
            mayRing && plan.isOvertaken(push), () -> "rings although cancelled before: " + seen);
      }
    }
  }
}
