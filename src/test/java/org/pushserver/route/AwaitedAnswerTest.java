// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;

class AwaitedAnswerTest {
  private final ManualTime time = new ManualTime();
  private final AwaitedAnswer awaited = new AwaitedAnswer(time, Duration.ofSeconds(2));
  private final Promise<Reply> request = Promise.promise();

  private String failure() {
    return awaited.future().cause().getMessage();
  }

  private void passLimit() {
    assertTrue(time.advance(Duration.ofSeconds(3)).succeeded());
  }

  @Test
  void theTimeOutSaysWhatWasMissing() {
    awaited.waitsFor("no answer");
    passLimit();
    assertEquals("no answer within 2000 ms", failure());
  }

  @Test
  void whatComesLateChangesNothing() {
    awaited.endsAs(request.future());
    passLimit();
    request.complete(new Reply(200, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(), 0));
    awaited.cancel("closed");
    assertEquals("no connection within 2000 ms", failure());
  }

  @Test
  void anAnswerLeavesNoTimer() {
    Reply answer = new Reply(200, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(), 0);
    awaited.endsAs(request.future());
    request.complete(answer);
    assertSame(answer, awaited.future().result());
    assertEquals(0, time.pending());
  }

  @Test
  void cancellingLeavesNoTimer() {
    awaited.cancel("its application is closed");
    assertEquals("its application is closed", failure());
    assertEquals(0, time.pending());
  }
}
