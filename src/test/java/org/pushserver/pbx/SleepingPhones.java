// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.pbx.Phones.Seen;

/**
 * Calls to phones that sleep: SIPp calls, a real PBX with the file that users get asks the server
 * to wake them, the sandbox stands in for Apple and Google. What each PBX must do.
 */
@Timeout(120)
abstract class SleepingPhones {
  /** Seconds that a call waits for its phones: for long, so that a busy machine is no fault. */
  private static final int WAIT_S = 15;

  /** The same, when none will come. */
  private static final int IN_VAIN_S = 4;

  @TempDir Path directory;

  @RegisterExtension final Phones phones = new Phones(() -> directory);

  private Pbx pbx;
  Sipp sipp;

  /** Empty when the PBX can be tried here, else why not. */
  abstract String missing() throws Exception;

  /**
   * Starts one.
   *
   * @param push where it posts to
   * @param waitS how many seconds a call waits for its phones
   */
  abstract Pbx start(URI push, int waitS) throws Exception;

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(missing().isEmpty(), missing());
    begin(WAIT_S);
  }

  final void begin(int waitS) throws Exception {
    pbx = start(URI.create("http://127.0.0.1:" + phones.serverPort() + "/push"), waitS);
    sipp = new Sipp(directory, pbx.port(), pbx.progress());
    pbx.untilStarted();
    phones.registerWith(sipp);
  }

  @AfterEach
  final void end() throws Exception {
    if (sipp != null) {
      sipp.close();
    }
    if (pbx != null) {
      pbx.close();
    }
  }

  final void call(String scenario, String callee, String... options) throws Exception {
    sipp.scenario(scenario, List.of(callee), options).play();
  }

  /** What phones got of the only call. */
  final List<String> events() {
    return phones.seen().stream().map(Seen::event).toList();
  }

  @Test
  void aSleepingPhoneWakesAndAnswers() throws Exception {
    phones.wakingWhenRung("bob-android", "bob-iphone");
    call("caller", "bob-android");
    call("caller", "bob-iphone");
    assertEquals(List.of("incoming_session", "incoming_session"), events());
    assertEquals("Alice \"A\" O'Neil & Sons", phones.seen().get(0).name());
    assertEquals(List.of(), pbx.complaints());
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
    end();
    begin(IN_VAIN_S);
    phones.sleeping("bob-android", "bob-iphone");
    phones.servicesDown();
    call("caller-in-vain", "bob-android");
    call("caller-in-vain", "bob-iphone");
    phones.servicesUp();
    phones.untilEnded(2);
    assertEquals(List.of(), phones.rung());
  }

  @Test
  void aServerThatIsJustStoppingLosesNoCall() throws Exception {
    phones.wakingWhenRung("bob-android");
    Future<Void> anew = phones.restartServerWhenAsked();
    call("caller", "bob-android");
    await(anew);
    assertEquals(List.of("incoming_session"), events());
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
}
