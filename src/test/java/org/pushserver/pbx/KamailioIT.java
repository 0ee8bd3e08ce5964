// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pushserver.pbx.Phones.Seen;

/** Calls to phones that sleep, through Kamailio with the file that users get. */
class KamailioIT extends SleepingPhones {
  private static final int CALLS = 200;
  private static final int CALLS_PER_SECOND = 20;

  @Override
  String missing() throws Exception {
    return Kamailio.isHere() ? "" : "no Kamailio, or no SIPp, on this machine: see bin/check";
  }

  @Override
  Pbx start(URI push, int waitS) throws Exception {
    return new Kamailio(
        directory,
        push,
        Map.of(
            "WAIT_S", Integer.toString(waitS),
            "WAIT_MS", Integer.toString(1000 * waitS),
            // Phones are asleep as soon as they have registered.
            "AWAKE_S", "-1"));
  }

  @Test
  void eachOfManyCallsRingsItsPhoneOnceAndIsAnswered() throws Exception {
    List<String> callees =
        IntStream.range(0, CALLS)
            .mapToObj(n -> (n % 2 == 0 ? "a%d-android" : "a%d-iphone").formatted(n))
            .toList();
    phones.wakingWhenRung(callees.toArray(String[]::new));
    Sipp.Play calls =
        sipp.scenario("caller", callees, "-r", Integer.toString(CALLS_PER_SECOND), "-trace_msg");
    calls.play();
    Map<String, List<Seen>> rung = phones.seen().stream().collect(groupingBy(Seen::callId));
    assertEquals(CALLS, rung.size());
    rung.forEach((callId, seen) -> assertEquals(1, seen.size(), callId));
    assertEquals(Set.copyOf(callees), Set.copyOf(phones.rung()));
    System.out.println(InviteToPush.of(calls.messages(), phones.seen()));
  }

  @Test
  void thePhoneThatWokeIsAcknowledged() throws Exception {
    phones.wakingWhenRung("bob-android", "bob-iphone");
    call("caller", "bob-android");
    call("caller", "bob-iphone");
    phones.untilCounted("woken ", 2);
  }

  @Test
  void aServerThatIsStartedAnewMeanwhileLosesNoCall() throws Exception {
    List<String> callees =
        IntStream.range(0, CALLS_PER_SECOND * 3).mapToObj("a%d-android"::formatted).toList();
    phones.wakingWhenRung(callees.toArray(String[]::new));
    Sipp.Play calls = sipp.scenario("caller", callees, "-r", Integer.toString(CALLS_PER_SECOND));
    CompletableFuture<Void> restart =
        CompletableFuture.runAsync(() -> phones.restartServerAfter(CALLS_PER_SECOND));
    try {
      calls.play();
    } finally {
      restart.join();
    }
    assertEquals(
        Set.copyOf(callees), Set.copyOf(phones.rung()), () -> String.join("\n", phones.rung()));
    assertEquals(callees.size(), phones.rung().size());
  }
}
