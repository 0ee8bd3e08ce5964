// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
  private static final String HIGH = "\ud83d";
  private static final String LOW = "\ude00";

  private final ObjectMapper mapper = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Alice \"Al\" O'Neil \\ /",
        "two\nlines\r\n\tand a tab",
        "\u0000\u0001\u001f\u007f\u0085\u2028\u2029",
        "\"}, \"admin\": true, {\"",
        "Ünï ☎ 電話 👩‍👩‍👧 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "</script>"
      })
  void anyTextArrivesAsItWasSent(String text) throws Exception {
    assertEquals(text, roundTrip(text));
  }

  @Test
  void aLongTextArrivesAsItWasSent() throws Exception {
    String latin = "x".repeat(4096);
    String mixed = "é☎😀\"\n".repeat(4000);
    assertEquals(latin, roundTrip(latin));
    assertEquals(mixed, roundTrip(mixed));
  }

  @Test
  void halfASurrogatePairIsReplacedSoThatTheTextIsUnicode() throws Exception {
    assertEquals("a\uFFFDb", roundTrip("a" + HIGH + "b"));
    assertEquals("\uFFFD", roundTrip(LOW));
    assertEquals("\uFFFD\uFFFD", roundTrip(LOW + HIGH));
    assertEquals("\uFFFD" + HIGH + LOW + "\uFFFD", roundTrip(HIGH + HIGH + LOW + LOW));
    assertEquals("end\uFFFD", roundTrip("end" + HIGH));
  }

  @Test
  void anEmojiCostsNoMoreThanItsFourBytes() {
    int empty = JsonBody.bytes(json -> json.writeStringField("k", "")).length();
    assertEquals(empty + 4, JsonBody.bytes(json -> json.writeStringField("k", "😀")).length());
  }

  @Test
  void aNullIsAJsonNull() {
    assertEquals("{\"k\":null}", JsonBody.text(json -> json.writeStringField("k", null)));
  }

  /** Through bytes and text, which must agree. */
  private String roundTrip(String text) throws Exception {
    JsonFields field = json -> json.writeStringField("k", text);
    String written = strictUtf8(JsonBody.bytes(field).getBytes());
    assertEquals(parse(written), parse(JsonBody.text(field)));
    return parse(written);
  }

  private String parse(String json) throws JsonProcessingException {
    return mapper.readTree(json).get("k").textValue();
  }

  private static String strictUtf8(byte[] bytes) throws CharacterCodingException {
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
