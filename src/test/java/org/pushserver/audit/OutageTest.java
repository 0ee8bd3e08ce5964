// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.events.Attempt;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;

/** One warning when an outage begins, and one with what it cost when it has ended. */
class OutageTest {
  private static final Payload PAYLOAD = new Payload(Map.of(), Buffer.buffer());
  private static final Response BUSY = new Response(503, "Busy today", "", "{}");

  private final LogTrail log = new LogTrail("org.pushserver.push");
  private final ManualTime time = new ManualTime();
  private final Outage outage = new Outage("phone-ios", "apple", time);

  @AfterEach
  void close() {
    log.close();
  }

  private void attempt(Answer answer, Throwable failure) {
    outage.attempted(new Attempt(1, PAYLOAD, answer, failure, time.now(), 0));
  }

  private void busy(int times) {
    for (int i = 0; i < times; i++) {
      attempt(new Answer.Later(BUSY, null, false), null);
    }
  }

  private void delivered() {
    attempt(new Answer.Delivered(new Response(200, "", "", "{}")), null);
  }

  private void end(Result result) {
    outage.ended(new Outcome(result, BUSY, 1));
  }

  private void pass(double seconds) {
    time.advance(Duration.ofMillis((long) (seconds * 1000)));
  }

  private void assertTold(String... lines) {
    assertEquals(List.of(lines), log.lines(Level.WARN));
  }

  @Test
  void aServiceThatIsBusyIsToldOnceAndOnceAgainWithWhatItCost() {
    busy(2);
    pass(3);
    assertTold();
    busy(1);
    String begin =
        "[phone-ios] outage of apple for 3 s now: it answers 503 Busy today; pushes are tried again"
            + " until their deadline";
    assertTold(begin);
    busy(100);
    end(Result.EXPIRED);
    end(Result.EXPIRED);
    end(Result.OVERLOADED);
    pass(40);
    delivered();
    delivered();
    assertTold(begin);
    pass(6);
    String end =
        "[phone-ios] outage of apple has ended after 43 s: 103 attempts failed, 2 pushes expired, 1"
            + " were turned away";
    assertTold(begin, end);
    pass(100);
    delivered();
    assertTold(begin, end);
    assertEquals(0, time.pending());
  }

  @Test
  void noAnswerAndNoConnectionAreToldInWords() {
    attempt(null, new IllegalStateException("no answer from apple within 10 s"));
    pass(2);
    attempt(null, new NotSentException("x"));
    attempt(null, new IllegalStateException("no answer from apple within 10 s"));
    assertTold(
        "[phone-ios] outage of apple for 2 s now: no answer: no answer from apple within 10 s;"
            + " pushes are tried again until their deadline");
  }

  @Test
  void aConnectionThatIsReplacedInAMomentIsNone() {
    outage.stands(Condition.CONNECTED);
    outage.stands(new Condition(State.CONNECTING, "it was closed"));
    pass(1);
    outage.stands(Condition.CONNECTED);
    pass(100);
    assertTold();
    assertEquals(0, time.pending());
  }

  @Test
  void theFirstConnectionMayTakeLongerAsLongAsNothingFailed() {
    outage.stands(new Condition(State.CONNECTING, "connecting for the first time"));
    pass(9);
    outage.stands(Condition.CONNECTED);
    pass(100);
    assertTold();
    assertEquals(0, time.pending());
  }

  @Test
  void aFirstConnectionThatNeverComesIsOne() {
    outage.stands(new Condition(State.CONNECTING, "connecting for the first time"));
    pass(10);
    assertEquals(1, log.lines(Level.WARN).size());
  }

  @Test
  void aFirstConnectionThatFailsIsOneAsSoonAsAnyOther() {
    outage.stands(new Condition(State.CONNECTING, "connecting for the first time"));
    pass(1);
    outage.stands(new Condition(State.CONNECTING, "refused"));
    pass(1);
    assertTold(
        "[phone-ios] outage of apple for 2 s now: no connection: refused; pushes are tried again"
            + " until their deadline");
  }

  @Test
  void aConnectionThatStaysAwayIsOneThoughThereIsNoPush() {
    outage.stands(Condition.CONNECTED);
    outage.stands(new Condition(State.CONNECTING, "it was closed"));
    pass(1);
    outage.stands(new Condition(State.CONNECTING, "refused"));
    pass(1);
    String begin =
        "[phone-ios] outage of apple for 2 s now: no connection: refused; pushes are tried again"
            + " until their deadline";
    assertTold(begin);
    pass(9);
    outage.stands(Condition.CONNECTED);
    pass(6);
    assertTold(
        begin,
        "[phone-ios] outage of apple has ended after 11 s: 0 attempts failed, 0 pushes expired, 0"
            + " were turned away");
  }

  @Test
  void oneThatComesAndGoesIsOneOutage() {
    busy(3);
    pass(2);
    busy(1);
    for (int i = 0; i < 10; i++) {
      delivered();
      pass(4);
      busy(1);
      outage.stands(new Condition(State.CONNECTING, "it was closed"));
      pass(5);
      outage.stands(Condition.CONNECTED);
      pass(1);
    }
    assertEquals(1, log.lines(Level.WARN).size());
    delivered();
    pass(6);
    assertEquals(2, log.lines(Level.WARN).size());
  }

  @Test
  void aConnectionThatComesAndGoesWithoutAPauseIsToldToo() {
    outage.stands(Condition.CONNECTED);
    for (int i = 0; i < 5; i++) {
      outage.stands(new Condition(State.CONNECTING, "it was closed"));
      pass(0.4);
      outage.stands(Condition.CONNECTED);
      pass(0.1);
    }
    outage.stands(new Condition(State.CONNECTING, "it was closed"));
    pass(0.1);
    assertEquals(1, log.lines(Level.WARN).size());
  }

  @Test
  void aConnectionAloneDoesNotEndItWhileItIsNotKnownWhetherAnybodyAnswers() {
    attempt(null, new IllegalStateException("no answer"));
    end(Result.EXPIRED);
    for (int i = 0; i < 5; i++) {
      outage.stands(new Condition(State.CONNECTING, "it does not answer"));
      pass(1);
      outage.stands(Condition.CONNECTED);
      pass(10);
      attempt(null, new IllegalStateException("no answer"));
    }
    assertEquals(1, log.lines(Level.WARN).size());
    delivered();
    pass(6);
    assertEquals(2, log.lines(Level.WARN).size());
  }

  @Test
  void aConnectionEndsItWhenNobodyPushesAnyMore() {
    outage.stands(Condition.CONNECTED);
    attempt(null, new IllegalStateException("no answer"));
    outage.stands(new Condition(State.CONNECTING, "it was closed"));
    pass(2);
    outage.stands(Condition.CONNECTED);
    pass(30);
    assertEquals(2, log.lines(Level.WARN).size());
    assertEquals(0, time.pending());
  }

  @Test
  void oneDeviceThatIsNotServedIsNone() {
    for (int i = 0; i < 10; i++) {
      busy(2);
      pass(10);
      delivered();
    }
    assertTold();
    assertEquals(0, time.pending());
  }

  @Test
  void aPushThatIsLostToItTellsItAtOnce() {
    busy(1);
    end(Result.EXPIRED);
    assertTold(
        "[phone-ios] outage of apple for 0 s now: it answers 503 Busy today; pushes are tried again"
            + " until their deadline");
  }

  @Test
  void aPushThatExpiresWhileAllIsWellIsNone() {
    end(Result.EXPIRED);
    assertTold();
  }

  @Test
  void whoeverStopsInAnOutageSaysWhatItHasCost() {
    busy(1);
    end(Result.EXPIRED);
    pass(7);
    outage.close();
    assertEquals(
        "[phone-ios] outage of apple has not ended after 7 s: 1 attempts failed, 1 pushes expired, 0"
            + " were turned away",
        log.lines(Level.WARN).get(1));
    assertEquals(0, time.pending());
  }
}
