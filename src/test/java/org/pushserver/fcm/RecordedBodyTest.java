// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedBodyTest {
  @Test
  void itHasTheShapeThatClientsRead() {
    assertEquals(
        "{\"_content\":{\"name\":\"projects/mock/messages/0:1\"},\"_content_consumed\":true,"
            + "\"encoding\":\"UTF-8\",\"reason\":\"OK\",\"status_code\":200,"
            + "\"url\":\"http://127.0.0.1/x\"}",
        RecordedBody.of(
            200,
            "OK",
            "http://127.0.0.1/x",
            Buffer.buffer("{ \"name\": \"projects/mock/messages/0:1\" }\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "<html/>", "{", "{\"a\":1}{\"b\":2}", "{\"a\":1},\"x\":2", "nope"})
  void whatIsNotOneJsonValueIsShownAsNull(String content) {
    JsonObject body =
        new JsonObject(RecordedBody.of(200, "OK", "https://x", Buffer.buffer(content)));
    assertTrue(body.containsKey("_content"));
    assertNull(body.getValue("_content"));
    assertEquals(200, body.getInteger("status_code"));
  }

  @Test
  void bytesThatAreNotUtf8AreShownAsNull() {
    byte[] bytes = {'"', (byte) 0xff, (byte) 0xfe, '"'};
    assertNull(
        new JsonObject(RecordedBody.of(500, "x", "https://x", Buffer.buffer(bytes)))
            .getValue("_content"));
  }

  @Test
  void aHugeAnswerIsShownAsNull() {
    String huge = '"' + "x".repeat(70_000) + '"';
    assertNull(
        new JsonObject(RecordedBody.of(500, "x", "https://x", Buffer.buffer(huge)))
            .getValue("_content"));
  }
}
