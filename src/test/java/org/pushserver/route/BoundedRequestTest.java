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

class BoundedRequestTest {
  private final ManualTime time = new ManualTime();
  private final BoundedRequest asked = new BoundedRequest(time, Duration.ofSeconds(2));
  private final Promise<Reply> request = Promise.promise();

  private String failure() {
    return asked.reply().cause().getMessage();
  }

  private void passLimit() {
    assertTrue(time.advance(Duration.ofSeconds(3)).succeeded());
  }

  @Test
  void theTimeOutSaysWhatWasMissing() {
    asked.waitsFor("no answer");
    passLimit();
    assertEquals("no answer within 2000 ms", failure());
  }

  @Test
  void whatComesLateChangesNothing() {
    asked.endsAs(request.future());
    passLimit();
    request.complete(new Reply(200, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(), 0));
    asked.cancel("closed");
    assertEquals("no connection within 2000 ms", failure());
  }

  @Test
  void anAnswerLeavesNoTimer() {
    Reply answer = new Reply(200, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(), 0);
    asked.endsAs(request.future());
    request.complete(answer);
    assertSame(answer, asked.reply().result());
    assertEquals(0, time.pending());
  }

  @Test
  void cancellingLeavesNoTimer() {
    asked.cancel("its application is closed");
    assertEquals("its application is closed", failure());
    assertEquals(0, time.pending());
  }
}
