// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private static final String AUTHORIZATION = "Bearer ya29.0123456789-secret";

  private static Reply reply(String body) {
    return new Reply(400, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body), 7);
  }

  @Test
  void whatWeSentAsACredentialIsHiddenWhereTheAnswerRepeatsIt() {
    Reply shown =
        reply("{\"error\":\"no such user: ya29.0123456789-secret\"}").without(AUTHORIZATION);
    assertEquals("{\"error\":\"no such user: (hidden)\"}", shown.body().toString());
    assertEquals(400, shown.status());
    assertEquals(7, shown.connection());
  }

  @Test
  void anyOtherAnswerStaysAsItIs() {
    for (String body : new String[] {"", "{}", "{\"name\":\"projects/p/messages/0:1500415314\"}"}) {
      Reply reply = reply(body);
      assertSame(reply, reply.without(AUTHORIZATION));
      assertSame(reply, reply.without((String) null));
    }
  }
}
