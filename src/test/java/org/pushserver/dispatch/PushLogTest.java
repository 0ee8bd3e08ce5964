// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.spi.SamplePush;

class PushLogTest {
  private static final Push PUSH = SamplePush.of(Event.CANCEL).callId("4711@pbx").push();

  private final LogTrail log = new LogTrail();
  private final PushLog pushLog = new PushLog();

  private static Attempt attempt(int number, Answer answer, long ms) {
    return new Attempt(
        number, ScriptedService.PAYLOAD, answer, null, SamplePush.BORN, ms * 1_000_000);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void eachLineOfAPushTellsWhatAnOperatorSearchesByAndNeverTheWholeToken() {
    pushLog.attempted(PUSH, attempt(1, ScriptedService.later(null), 12));
    pushLog.attempted(
        PUSH,
        new Attempt(
            2,
            ScriptedService.PAYLOAD,
            null,
            ScriptedService.notSent(),
            SamplePush.BORN,
            1_000_000));
    pushLog.ended(
        PUSH,
        new Outcome(Result.DELIVERED, ScriptedService.said(200, ""), 2),
        SamplePush.BORN + 700);
    String trail =
        "call-id=4711@pbx app=com.example.phone platform=apple event=cancel device=token-12… ";
    assertEquals(
        List.of(
            "attempt " + trail + "attempt=1 status=503 reason=\"Busy\" ms=12",
            "attempt " + trail + "attempt=2 no answer: stream refused ms=1",
            "outcome " + trail + "result=DELIVERED status=200 attempts=2 ms=700"),
        log.lines());
  }

  @Test
  void aRefusalThatIsNotThePushsFaultWarnsTheOperator() {
    for (Answer.Fault fault : Answer.Fault.values()) {
      Answer refused = new Answer.Refused(ScriptedService.said(403, "BadTopic"), fault);
      pushLog.attempted(PUSH, attempt(1, refused, 0));
    }
    List<String> warnings =
        log.lines().stream().filter(line -> !line.startsWith("attempt ")).toList();
    assertEquals(
        List.of(
            "apple refuses pushes of application com.example.phone: BadTopic"
                + " (check its configuration)",
            "apple refuses pushes of application com.example.phone: BadTopic"
                + " (this server built a bad request: report it)"),
        warnings);
    assertTrue(log.lines().size() == 5, "one line for each attempt, too");
    assertFalse(log.lines().toString().contains(PUSH.device().token()));
  }
}
