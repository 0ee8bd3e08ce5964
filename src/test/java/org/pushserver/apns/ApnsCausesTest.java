// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.pushserver.cause.Explanation;
import org.pushserver.cause.OneAttempt;
import org.pushserver.push.AppKey;
import org.pushserver.route.Reply;

/** Whatever Apple may answer has a sentence of its own. */
class ApnsCausesTest {
  private static final String URL = "https://api.push.apple.com/3/device/abc";

  /** Rows for what nobody knows, and for one kind of trouble under several names. */
  private static final Set<String> FOR_ALL = Set.of("refused", "expired", "busy", "token-dead");

  private static final Set<String> TROUBLE = Set.of("InternalServerError", "ServiceUnavailable");

  private static final OneAttempt MESSAGE =
      new OneAttempt(new AppKey("com.example.phone", AppKey.APPLE), "message", "com.example.phone");

  private static Explanation explained(String reason) {
    Reply reply =
        new Reply(400, HttpHeaders.headers(), Buffer.buffer("{\"reason\":\"" + reason + "\"}"), 1);
    return MESSAGE.answered(ApnsAnswers.judge(reply, URL, "com.example.phone", 0).answer());
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
