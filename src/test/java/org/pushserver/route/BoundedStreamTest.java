// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class BoundedStreamTest {
  private final BoundedStream stream = new BoundedStream();

  private Future<Void> write(int bytes) {
    return stream.write(Buffer.buffer("x".repeat(bytes)));
  }

  @Test
  void aBodyOfTheGreatestLengthIsTakenWhole() {
    assertTrue(write(BoundedBody.MOST_BYTES - 1).succeeded());
    assertTrue(write(1).succeeded());
    assertTrue(stream.end().succeeded());
    assertEquals(BoundedBody.MOST_BYTES, stream.result().result().length());
  }

  @Test
  void oneByteMoreFails() {
    assertTrue(write(BoundedBody.MOST_BYTES).succeeded());
    assertEquals("its answer has more than 64 KiB", write(1).cause().getMessage());
  }

  @Test
  void anEmptyBodyIsABody() {
    assertTrue(stream.end().succeeded());
    assertEquals(0, stream.result().result().length());
  }
}
