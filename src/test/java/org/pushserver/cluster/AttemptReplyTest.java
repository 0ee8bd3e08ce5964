// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Response;
import org.pushserver.spi.NotSentException;

class AttemptReplyTest {
  private static final Response RESPONSE =
      new Response(410, "Unregistered \"é\"", "https://push.example.com/3", "{\"a\":1}");

  static Answer[] answers() {
    return new Answer[] {
      new Answer.Delivered(RESPONSE),
      new Answer.Refused(RESPONSE, Fault.APPLICATION),
      new Answer.DeadToken(RESPONSE),
      new Answer.DeadToken(RESPONSE, true, 1_790_000_000_000L),
      new Answer.Later(RESPONSE, null, false),
      new Answer.Later(RESPONSE, Duration.ofMillis(1500), true)
    };
  }

  @ParameterizedTest
  @MethodSource("answers")
  void anAnswerComesAsItWas(Answer answer) {
    assertEquals(answer, AttemptReply.read(AttemptReply.of(answer)).result());
  }

  @Test
  void onlyWhatWasCertainlyNotSentComesSo() {
    assertInstanceOf(
        NotSentException.class,
        AttemptReply.read(AttemptReply.of(new NotSentException("no stream"))).cause());
    assertEquals(
        "no stream",
        AttemptReply.read(AttemptReply.of(new NotSentException("no stream"))).cause().getMessage());
    assertFalse(
        AttemptReply.read(AttemptReply.of(new IllegalStateException("cut"))).cause()
            instanceof NotSentException);
    assertEquals(
        "cut",
        AttemptReply.read(AttemptReply.of(new IllegalStateException("cut"))).cause().getMessage());
  }

  @Test
  void whatCannotBeUnderstoodMayHaveBeenSent() {
    for (String reply : new String[] {"", "{}", "{\"what\":\"eaten\",\"code\":200}", "\u0001"}) {
      assertNotNull(AttemptReply.read(Buffer.buffer(reply)).cause());
      assertFalse(AttemptReply.read(Buffer.buffer(reply)).cause() instanceof NotSentException);
    }
  }
}
