// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.fake.CallLedger;
import org.pushserver.fake.FakeFcm;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Delivery;

/** Makes pushes, each to a device of its own, and knows what became of each. A test's thread. */
final class Books {
  private static final Pattern FCM_TOKEN = Pattern.compile("\"token\":\"([0-9a-f]+)\"");

  private record Entry(Push push, Future<Outcome> end) {}

  /** What a phone is to be told once. */
  private record What(AppKey app, Event event, String callId) {}

  private static What what(Push push) {
    return new What(push.app(), push.event(), push.callId());
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private int number;

  Push ring(AppKey app, long now) {
    return push(app, Event.INCOMING_SESSION, now);
  }

  Push push(AppKey app, Event event, long now) {
    int mine = ++number;
    return push(app, event, "call-" + mine, String.format(Locale.ROOT, "%064x", mine), now);
  }

  /** One that tells the same device of the end of the same call. */
  Push cancel(Push ring, long now) {
    return push(ring.app(), Event.CANCEL, ring.callId(), ring.device().token(), now);
  }

  /** The same once more, as from a proxy that repeats itself. */
  Push again(Push push, long now) {
    return push(push.app(), push.event(), push.callId(), push.device().token(), now);
  }

  /** The push with this id. */
  Push push(String id) {
    return entries.get(id).push();
  }

  private static Push push(AppKey app, Event event, String callId, String token, long now) {
    long life = Delivery.DEFAULT.deadline(event.kind()).toMillis();
    return new Push(
        UUID.randomUUID(), app, new Device(token, null), event, callId, details(), now, now + life);
  }

  private static Details details() {
    return new Details(
        "sip:alice@example.com",
        "Alice",
        "sip:bob@example.com",
        "audio",
        true,
        null,
        1,
        null,
        null,
        null,
        "Hello",
        "text/plain");
  }

  void accepted(Push push, Future<Outcome> end) {
    Entry before = entries.put(push.id().toString(), new Entry(push, end));
    assertEquals(null, before);
  }

  /** A push was left to itself, or turned away. Its peer tells what became of it. */
  void left(Push push, Optional<Outcome> turnedAway) {
    // Whoever does not wait for a push wants it delivered.
    Outcome taken =
        turnedAway.orElseGet(
            () -> new Outcome(Result.DELIVERED, new Response(200, "", "", "{}"), 1));
    accepted(push, Future.succeededFuture(taken));
  }

  /** The pushes that have not come to an end. */
  List<Push> pending() {
    return entries.values().stream()
        .filter(entry -> !entry.end().isComplete())
        .map(Entry::push)
        .toList();
  }

  /** How many pushes an application was handed. */
  long count(AppKey app) {
    return entries.values().stream().filter(entry -> entry.push().app().equals(app)).count();
  }

  /** How many of them were not turned away at once. */
  long accepted(AppKey app) {
    return entries.values().stream()
        .filter(entry -> entry.push().app().equals(app))
        .filter(entry -> entry.end().result().result() != Result.OVERLOADED)
        .count();
  }

  /** How many pushes came to each end. */
  Map<Result, Integer> tally() {
    Map<Result, Integer> tally = new EnumMap<>(Result.class);
    entries.values().forEach(entry -> tally.merge(entry.end().result().result(), 1, Integer::sum));
    return tally;
  }

  /**
   * Every push has ended; what was delivered was taken by one peer once, and nothing else was taken
   * by any; none came again while the peer's word on it stood. Pushes that joined another are one
   * with it.
   */
  void balance(List<CallLedger> apns, List<FakeFcm> fcm) {
    assertEquals(List.of(), pending());
    Map<What, Long> taken = new HashMap<>();
    for (CallLedger ledger : apns) {
      assertEquals(List.of(), ledger.repeatedWithoutCause());
      ledger.taken().forEach((id, count) -> taken.merge(what(push(id)), count, Long::sum));
    }
    fcm.forEach(one -> takenByFcm(one, taken));
    Map<What, Long> delivered = new HashMap<>();
    for (Entry entry : entries.values()) {
      if (entry.end().result().result() == Result.DELIVERED) {
        delivered.put(what(entry.push()), 1L);
      }
    }
    assertEquals(delivered.size(), taken.size());
    assertEquals(delivered, taken);
  }

  private void takenByFcm(FakeFcm fcm, Map<What, Long> taken) {
    Map<String, Push> byToken = new HashMap<>();
    entries.values().forEach(entry -> byToken.put(entry.push().device().token(), entry.push()));
    for (FakeFcm.Request request : fcm.pushes()) {
      Matcher token = FCM_TOKEN.matcher(request.body());
      assertTrue(token.find(), request::body);
      taken.merge(what(byToken.get(token.group(1))), 1L, Long::sum);
    }
  }
}
