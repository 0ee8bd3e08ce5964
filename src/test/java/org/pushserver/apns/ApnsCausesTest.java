// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pushserver.cause.Causes;
import org.pushserver.cause.Explanation;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Response;
import org.pushserver.route.Reply;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;

/** Whatever Apple may answer has a sentence of its own. */
class ApnsCausesTest {
  private static final String URL = "https://api.push.apple.com/3/device/abc";

  /** Rows for what nobody knows, and for one kind of trouble under several names. */
  private static final Set<String> FOR_ALL = Set.of("refused", "expired", "busy", "token-dead");

  private static final Set<String> TROUBLE = Set.of("InternalServerError", "ServiceUnavailable");

  private static Explanation explained(String reason) {
    Reply reply =
        new Reply(400, HttpHeaders.headers(), Buffer.buffer("{\"reason\":\"" + reason + "\"}"), 1);
    Answer answer = ApnsAnswers.judge(reply, URL, "com.example.phone", 0).answer();
    Response said = answer.response();
    if (answer instanceof Answer.Later) {
      return explained(
          TrailEnd.EXPIRED,
          504,
          "expired before the push service took it; last answer: "
              + said.code()
              + " "
              + said.reason(),
          said);
    }
    boolean dead = answer instanceof Answer.DeadToken;
    return explained(
        dead ? TrailEnd.DEAD_TOKEN : TrailEnd.REFUSED, said.code(), said.reason(), said);
  }

  private static Explanation explained(TrailEnd end, int code, String reason, Response said) {
    TrailStep attempt =
        new TrailStep(
            TrailStep.What.ATTEMPT, 10, 1, said.code(), said.reason(), 5, "com.example.phone", 1);
    TrailEntry entry =
        new TrailEntry(
            UUID.randomUUID(),
            1,
            30_000,
            end,
            new AppKey("com.example.phone", AppKey.APPLE),
            "message",
            "call",
            "",
            "",
            "",
            "",
            0,
            "",
            code,
            reason,
            1,
            List.of(attempt));
    return Causes.explain(entry, List.of());
  }

  @Test
  void everyReasonHasARowThatKnowsIt() {
    Map<String, String> unknown = new TreeMap<>();
    for (String reason : ApnsAnswers.reasons()) {
      String row = explained(reason).id();
      if (FOR_ALL.contains(row)) {
        unknown.put(reason, row);
      }
      assertEquals(TROUBLE.contains(reason), row.equals("service-down"), reason);
    }
    assertEquals(Map.of(), unknown);
    assertTrue(ApnsAnswers.reasons().size() > 30, "it has found the table");
  }

  @Test
  void aReasonThatIsNewIsQuoted() {
    assertTrue(explained("SomethingNew").sentence().contains("SomethingNew"));
  }
}
