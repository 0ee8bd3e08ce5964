// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelAnswerTest {
  private final TunnelAnswer answer = new TunnelAnswer();

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK, HTTP/1.1 200 OK",
    "HTTP/1.1 201 Created, HTTP/1.1 200 Created",
    "HTTP/1.0 299, HTTP/1.0 200",
    "HTTP/1.1 407 Proxy, HTTP/1.1 407 Proxy",
    "HTTP/1.1 302 Found, HTTP/1.1 302 Found"
  })
  void anySuccessBecomes200AndNothingElseDoes(String said, String read) {
    ByteBuf buffer = Unpooled.copiedBuffer(said, US_ASCII);
    assertEquals(true, answer.read(buffer, 0, buffer.readableBytes()));
    assertEquals(read, buffer.toString(US_ASCII));
  }

  @Test
  void aStatusThatComesByteForByteIsTheSame() {
    ByteBuf buffer = Unpooled.copiedBuffer("HTTP/1.1 204 x", US_ASCII);
    int last = "HTTP/1.1 204".length() - 1;
    for (int i = 0; i < last; i++) {
      assertFalse(answer.read(buffer, i, 1));
    }
    assertEquals(true, answer.read(buffer, last, 3));
    assertEquals("HTTP/1.1 200 x", buffer.toString(US_ASCII));
  }
}
