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
import org.pushserver.dispatch.Attempt;
import org.pushserver.dispatch.LogTrail;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;

class PushLogTest {
  private static final Push PUSH = SamplePush.of(Event.CANCEL).callId("4711@pbx").push();
  private static final Payload PAYLOAD =
      new Payload(Map.of("apns-topic", "com.example.phone"), Buffer.buffer("{\"a\":1}"));
  private static final String TRAIL =
      "call-id=4711@pbx app=com.example.phone platform=apple event=cancel device=token-12... ";

  private final LogTrail log = new LogTrail("org.pushserver.push");
  private final PushLog pushLog = new PushLog();

  private static Response said(int code, String reason) {
    return new Response(code, reason, "https://push.example.com/3", "{\"said\":" + code + "}");
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
    pushLog.joined(PUSH);
    pushLog.attempted(PUSH, attempt(1, busy, 12));
    pushLog.attempted(
        PUSH,
        new Attempt(
            2, PAYLOAD, null, new NotSentException("stream refused"), SamplePush.BORN, 1_000_000));
    pushLog.ended(PUSH, new Outcome(Result.DELIVERED, said(200, ""), 2), SamplePush.BORN + 700);
    assertEquals(
        List.of(
            "joined " + TRAIL.strip(),
            "attempt " + TRAIL + "attempt=1 status=503 reason=\"Busy today\" ms=12 bytes=7",
            "attempt " + TRAIL + "attempt=2 failure=\"stream refused\" ms=1 bytes=7",
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
                + "attempt=1 url=https://push.example.com/3"
                + " sent-headers=\"apns-topic: com.example.phone\" sent-body=\"{\\\"a\\\":1}\""
                + " received-body=\"{\\\"said\\\":410}\""),
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
}
