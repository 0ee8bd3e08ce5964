// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Level;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;
import org.pushserver.sylk.SylkApplication;

class PushLogTest {
  private static final Push PUSH = SamplePush.of(Event.CANCEL).callId("4711@pbx").push();
  private static final Payload PAYLOAD =
      new Payload(Map.of("apns-topic", "com.example.phone"), Buffer.buffer("{\"badge\":1}"));
  private static final String TRAIL =
      "call-id=4711@pbx app=com.example.phone platform=apple event=cancel device=token-12... ";

  private final LogTrail log = new LogTrail("org.pushserver.push");
  private final ManualTime time = new ManualTime();
  private final PushListener pushLog =
      new PushLog(time)
          .of(new Application(PUSH.app(), "phone-ios", new SylkApplication(), Delivery.DEFAULT));

  private static Response said(int code, String reason) {
    return new Response(code, reason, "https://push.example.com/3", "{\"code\":" + code + "}");
  }

  private static Attempt attempt(int number, Answer answer, long ms) {
    return new Attempt(number, PAYLOAD, answer, null, SamplePush.BORN, ms * 1_000_000);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void eachLineOfAPushTellsWhatAnOperatorSearchesByAndNeverTheWholeToken() {
    Answer busy = new Answer.Later(said(503, "Busy today"), Duration.ofSeconds(1), false);
    pushLog.joined(PUSH, PUSH);
    pushLog.attempted(PUSH, attempt(1, busy, 12));
    pushLog.attempted(
        PUSH,
        new Attempt(
            2, PAYLOAD, null, new NotSentException("stream refused"), SamplePush.BORN, 1_000_000));
    pushLog.ended(PUSH, new Outcome(Result.DELIVERED, said(200, ""), 2), SamplePush.BORN + 700);
    assertEquals(
        List.of(
            "joined " + TRAIL.strip(),
            "attempt " + TRAIL + "attempt=1 status=503 reason=\"Busy today\" ms=12 bytes=11",
            "attempt " + TRAIL + "attempt=2 failure=\"stream refused\" ms=1 bytes=11",
            "outcome " + TRAIL + "result=DELIVERED status=200 attempts=2 ms=700"),
        log.lines(Level.INFO));
  }

  @Test
  void atDebugLevelThereAreHeadersAndBodiesOfBothSides() {
    pushLog.attempted(PUSH, attempt(1, new Answer.DeadToken(said(410, "Unregistered")), 3));
    assertEquals(
        List.of(
            "exchange "
                + TRAIL
                + "attempt=1 bytes=11 url=https://push.example.com/3"
                + " sent-headers=\"apns-topic: com.example.phone\" sent-body=\"{\\\"badge\\\":1}\""
                + " received-body=\"{\\\"code\\\":410}\""),
        log.lines(Level.DEBUG));
  }

  @Test
  void aRefusalThatIsNotThePushsFaultWarnsTheOperator() {
    for (Answer.Fault fault : Answer.Fault.values()) {
      pushLog.attempted(PUSH, attempt(1, new Answer.Refused(said(403, "BadTopic"), fault), 0));
    }
    assertEquals(
        List.of(
            "apple refuses pushes of application com.example.phone: BadTopic"
                + " (check its configuration)",
            "apple refuses pushes of application com.example.phone: BadTopic"
                + " (this server built a bad request: report it)"),
        log.lines(Level.WARN));
    assertEquals(3, log.lines(Level.INFO).size(), "one line for each attempt, too");
    assertFalse(log.lines(Level.INFO).toString().contains(PUSH.device().token()));
  }

  @Test
  void theSameMistakeIsToldOnceInAWhile() {
    Answer wrong = new Answer.Refused(said(403, "BadTopic"), Answer.Fault.APPLICATION);
    Answer other = new Answer.Refused(said(403, "Forbidden"), Answer.Fault.APPLICATION);
    for (int i = 0; i < 100; i++) {
      pushLog.attempted(PUSH, attempt(1, wrong, 0));
      pushLog.attempted(PUSH, attempt(1, other, 0));
    }
    assertEquals(2, log.lines(Level.WARN).size());
    time.advance(ApplicationLog.REMINDER);
    pushLog.attempted(PUSH, attempt(1, wrong, 0));
    assertEquals(3, log.lines(Level.WARN).size());
  }

  private void end(Result result) {
    pushLog.ended(PUSH, new Outcome(result, said(504, "too late"), 2), SamplePush.BORN + 700);
  }

  @Test
  void pushesThatExpireOrAreTurnedAwayWarnButNeverFloodTheLog() {
    for (int i = 0; i < 40; i++) {
      end(Result.EXPIRED);
      end(Result.OVERLOADED);
      end(Result.DELIVERED);
    }
    assertEquals(10, log.lines(Level.WARN).size());
    assertEquals(
        "outcome " + TRAIL + "result=EXPIRED status=504 reason=\"too late\" attempts=2 ms=700",
        log.lines(Level.WARN).get(0));
    assertEquals(110, log.lines(Level.INFO).size(), "each has its line all the same");
    time.advance(WarnLimit.MINUTE);
    assertEquals(
        List.of(
            "[phone-ios] 35 more pushes expired within a minute; their lines are at INFO, with"
                + " result=EXPIRED",
            "[phone-ios] 35 more pushes were turned away within a minute; their lines are at INFO,"
                + " with result=OVERLOADED"),
        log.lines(Level.WARN).subList(10, 12));
  }

  @Test
  void aChangedConfigurationGoesOnWithTheSameOutage() {
    Answer busy = new Answer.Later(said(503, "Busy today"), null, false);
    pushLog.attempted(PUSH, attempt(1, busy, 12));
    PushListener changed =
        pushLog.of(new Application(PUSH.app(), "phone", new SylkApplication(), Delivery.DEFAULT));
    changed.ended(PUSH, new Outcome(Result.EXPIRED, said(504, "too late"), 2), SamplePush.BORN);
    changed.left();
    List<String> told = log.lines(Level.WARN);
    assertEquals(
        "[phone] outage of apple for 0 s now: it answers 503 Busy today; pushes are tried again"
            + " until their deadline",
        told.get(0));
    assertEquals(
        "[phone] outage of apple has not ended after 0 s: 1 attempts failed, 1 pushes expired, 0"
            + " were turned away",
        told.get(2));
  }
}
