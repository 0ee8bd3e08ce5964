// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.pbx.Phones.Seen;

/**
 * Calls to phones that sleep: SIPp calls, a real Kamailio with the file that users get asks the
 * server to wake them, the sandbox stands in for Apple and Google.
 */
@Timeout(120)
class KamailioIT {
  /** Seconds that a call waits for its phones. */
  private static final int WAIT_S = 4;

  private static final int CALLS = 200;
  private static final int CALLS_PER_SECOND = 20;

  @TempDir Path directory;

  @RegisterExtension final Phones phones = new Phones(() -> directory);

  private Kamailio kamailio;
  private Sipp sipp;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Kamailio.isHere(), "no Kamailio, or no SIPp, on this machine: see bin/check");
    begin(WAIT_S);
  }

  private void begin(int waitS) throws Exception {
    kamailio =
        new Kamailio(
            directory,
            URI.create("http://127.0.0.1:" + phones.serverPort() + "/push"),
            Map.of(
                "WAIT_S", Integer.toString(waitS),
                "WAIT_MS", Integer.toString(1000 * waitS),
                // Phones are asleep as soon as they have registered.
                "AWAKE_S", "-1"));
    sipp = new Sipp(directory, kamailio.port());
    phones.registerWith(sipp);
  }

  @AfterEach
  void stop() throws Exception {
    if (kamailio != null) {
      sipp.close();
      kamailio.close();
    }
  }

  private void call(String scenario, String callee, String... options) throws Exception {
    sipp.scenario(scenario, List.of(callee), options).play();
  }

  /** What phones got of the only call. */
  private List<String> events() {
    return phones.seen().stream().map(Seen::event).toList();
  }

  @Test
  void aSleepingPhoneWakesAndAnswers() throws Exception {
    phones.wakingWhenRung("bob-android", "bob-iphone");
    call("caller", "bob-android");
    call("caller", "bob-iphone");
    assertEquals(List.of("incoming_session", "incoming_session"), events());
    assertEquals("Alice \"A\" O'Neil & Sons", phones.seen().get(0).name());
    assertEquals(List.of(), kamailio.complaints());
  }

  @Test
  void aCallerWhoHangsUpBeforeIsTakenBack() throws Exception {
    phones.sleeping("bob-android");
    call("caller-hangs-up", "bob-android", "-d", "200");
    phones.untilSeen(2);
    assertEquals(List.of("incoming_session", "cancel"), events());
  }

  @Test
  void aRingThatWaitsIsWithdrawnWhenTheCallerHangsUp() throws Exception {
    phones.sleeping("bob-android");
    phones.servicesDown();
    call("caller-hangs-up", "bob-android", "-d", "200");
    phones.untilLogged("SUPERSEDED");
    phones.servicesUp();
    assertEquals(List.of(), events());
  }

  @Test
  void aPushServiceThatIsBackAfterTheCallRingsNobody() throws Exception {
    phones.sleeping("bob-android", "bob-iphone");
    phones.servicesDown();
    call("caller-in-vain", "bob-android");
    call("caller-in-vain", "bob-iphone");
    phones.servicesUp();
    phones.untilEnded(2);
    assertEquals(List.of(), phones.rung());
  }

  @Test
  void thePhoneThatDoesNotAnswerIsTold() throws Exception {
    phones.wakingWhenRung("bob-android");
    phones.registerAlso("bob-android", "bob-tablet");
    call("caller", "bob-android");
    phones.untilSeen(3);
    phones.untilLogged("for 1 device rung before");
    assertEquals(
        List.of("bob-tablet"),
        phones.seen().stream()
            .filter(one -> one.event().equals("cancel"))
            .map(Seen::phone)
            .toList());
    assertTrue(phones.bodies().contains("answered"), phones::bodies);
  }

  @Test
  void aPhoneThatHasLostTheAppIsForgotten() throws Exception {
    phones.sleeping("dead-android");
    call("caller-in-vain", "dead-android");
    phones.untilLogged("DEAD_TOKEN");
    // The binding has gone, and so the second call asks nobody.
    call("caller-in-vain", "dead-android");
    assertEquals(1, phones.logged("incoming "));
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
  void aServerThatIsStartedAnewMeanwhileLosesNoCall() throws Exception {
    stop();
    begin(15);
    List<String> callees =
        IntStream.range(0, CALLS_PER_SECOND * 3).mapToObj("a%d-android"::formatted).toList();
    phones.wakingWhenRung(callees.toArray(String[]::new));
    Sipp.Play calls = sipp.scenario("caller", callees, "-r", Integer.toString(CALLS_PER_SECOND));
    Thread restart = new Thread(() -> phones.restartServerAfter(CALLS_PER_SECOND));
    restart.start();
    calls.play();
    restart.join();
    assertEquals(
        Set.copyOf(callees), Set.copyOf(phones.rung()), () -> String.join("\n", phones.rung()));
    assertEquals(callees.size(), phones.rung().size());
  }
}
