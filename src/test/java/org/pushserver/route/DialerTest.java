// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;

class DialerTest {
  private final ManualTime time = new ManualTime();
  private final DialQueue dialQueue = new DialQueue();
  private final List<Promise<Connection>> tries = new ArrayList<>();
  private final List<Long> pauses = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();
  private int connected;

  private final Dialer dialer =
      new Dialer(
          () -> {
            Promise<Connection> next = Promise.promise();
            tries.add(next);
            return next.future();
          },
          () -> dialQueue,
          time,
          new Dialer.Caller() {
            @Override
            public void connected(Connection connection) {
              connected++;
            }

            @Override
            public void notConnected(String why, long pauseMs) {
              reasons.add(why);
              pauses.add(pauseMs);
            }
          });

  private void fail() {
    tries.get(tries.size() - 1).fail("no");
    assertTrue(reasons.stream().allMatch("no"::equals), reasons::toString);
  }

  private String saidOf(Throwable cause) {
    dialer.dial();
    pass(36_000);
    tries.get(tries.size() - 1).fail(cause);
    return reasons.get(reasons.size() - 1);
  }

  @Test
  void whyATryWasInVainIsSaidWithoutTheWordsOfProgrammers() {
    assertEquals("the connection was closed", saidOf(new ClosedChannelException()));
    String nameless = saidOf(new IllegalStateException());
    assertTrue(nameless.startsWith("an unexpected error at DialerTest.java:"), nameless);
    assertEquals(
        "General SSLEngine problem (no name matches)",
        saidOf(
            new IOException(
                "General SSLEngine problem",
                new IOException("java.security.cert.CertificateException: no name matches"))));
  }

  private void pass(long ms) {
    time.advance(Duration.ofMillis(ms));
  }

  @Test
  void theFirstTryIsMadeAtOnceAndOneAtATime() {
    dialer.dial();
    dialer.dial();
    assertEquals(1, tries.size());
    tries.get(0).complete();
    assertEquals(1, connected);
    dialer.dial();
    assertEquals(2, tries.size());
  }

  @Test
  void pausesDoubleFromHalfASecondToThirtySecondsEachGiveOrTakeAFifth() {
    for (long middle : List.of(500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000)) {
      dialer.dial();
      fail();
      long pause = pauses.get(pauses.size() - 1);
      assertTrue(pause >= middle * 8 / 10 && pause <= middle * 12 / 10, "pause: " + pause);
      dialer.dial();
      int before = tries.size();
      pass(pause - 1);
      assertEquals(before, tries.size());
      pass(1);
      assertEquals(before + 1, tries.size());
    }
  }

  @Test
  void whoeverWaitsAlreadyIsNotMadeToWaitLonger() {
    dialer.dial();
    fail();
    dialer.dial();
    pass(pauses.get(0) - 1);
    dialer.dial();
    pass(1);
    assertEquals(2, tries.size());
    assertEquals(0, time.pending());
  }

  @Test
  void aRestDoesNotShortenThePause() {
    dialer.backOff();
    dialer.dial();
    dialer.rest();
    assertEquals(0, time.pending());
    dialer.dial();
    pass(399);
    assertEquals(0, tries.size());
    pass(201);
    assertEquals(1, tries.size());
  }

  @Test
  void afterAConnectionThatWorkedThereIsNoPause() {
    dialer.backOff();
    dialer.reset();
    dialer.dial();
    assertEquals(1, tries.size());
  }

  @Test
  void aClosedDialerIsSilent() {
    dialer.dial();
    dialer.close();
    fail();
    dialer.dial();
    assertEquals(1, tries.size());
    assertEquals(List.of(), pauses);
    assertEquals(0, time.pending());
  }

  /** Has so many tries fail that the pause is 30 s, and begins it. */
  private void failForLong() {
    for (int i = 0; i < 8; i++) {
      dialer.dial();
      pass(36_000);
      fail();
    }
    dialer.dial();
  }

  @Test
  void whileACallWaitsNoPauseIsLongerThanSomeThreeSeconds() {
    failForLong();
    dialer.hurry(64_000);
    int before = tries.size();
    pass(2399);
    assertEquals(before, tries.size());
    pass(1201);
    assertEquals(before + 1, tries.size());
    assertEquals(0, time.pending());
  }

  @Test
  void aCallIsGivenFourTriesInWhatIsLeftOfIt() {
    failForLong();
    dialer.hurry(8000);
    int before = tries.size();
    pass(1999);
    assertEquals(before, tries.size());
    pass(1);
    assertEquals(before + 1, tries.size());
  }

  @Test
  void callsThatAreAboutToExpireMakeNoStormOfTries() {
    failForLong();
    dialer.hurry(10);
    int before = tries.size();
    pass(999);
    assertEquals(before, tries.size());
    pass(1);
    assertEquals(before + 1, tries.size());
  }

  @Test
  void aCallThatComesLateInAPauseEndsIt() {
    failForLong();
    pass(10_000);
    int before = tries.size();
    dialer.hurry(64_000);
    assertEquals(before + 1, tries.size());
    dialer.hurry(64_000);
    assertEquals(before + 1, tries.size());
  }

  @Test
  void aCallMakesAShortPauseNoLonger() {
    dialer.dial();
    fail();
    dialer.dial();
    dialer.hurry(64_000);
    pass(pauses.get(0));
    assertEquals(2, tries.size());
  }

  @Test
  void whereNoConnectionIsWantedACallChangesNothing() {
    dialer.backOff();
    dialer.hurry(64_000);
    assertEquals(0, tries.size());
    assertEquals(0, time.pending());
  }

  @Test
  void aTryThatHasToWaitForOthersIsFirstAmongThemWhenACallWaits() {
    List<DialQueue.Turn> others = othersBeingMade(DialQueue.AT_A_TIME + 1);
    dialer.dial();
    assertEquals(0, tries.size());
    dialer.hurry(30_000);
    others.get(0).over();
    assertEquals(1, tries.size());
    tries.get(0).complete();
    assertEquals(1, connected);
  }

  @Test
  void aTryThatHasToWaitForOthersIsNotMadeWhenNothingIsWantedAnyMore() {
    List<DialQueue.Turn> others = othersBeingMade(DialQueue.AT_A_TIME);
    dialer.dial();
    dialer.rest();
    others.get(0).over();
    assertEquals(0, tries.size());
    dialer.dial();
    assertEquals(1, tries.size());
  }

  private List<DialQueue.Turn> othersBeingMade(int count) {
    List<DialQueue.Turn> others = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DialQueue.Turn turn = dialQueue.turn(time, () -> {});
      others.add(turn);
      turn.enter();
    }
    return others;
  }
}
