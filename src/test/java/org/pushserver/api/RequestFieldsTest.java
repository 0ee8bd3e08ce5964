// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFieldsTest {
  private static RequestFields parse(String body) {
    return JsonReader.read(body.getBytes(StandardCharsets.UTF_8), SampleRequest.JSON);
  }

  private static String refusal(String body) {
    return refusal(body.getBytes(StandardCharsets.UTF_8));
  }

  private static String refusal(byte[] body) {
    RequestRefused refusal =
        assertThrows(RequestRefused.class, () -> JsonReader.read(body, SampleRequest.JSON));
    assertEquals(400, refusal.status());
    return refusal.description();
  }

  @Test
  void nullIsNoValue() {
    RequestFields fields = parse("{\"token\": null, \"from\": \"\"}");
    assertFalse(fields.has(Field.TOKEN));
    assertTrue(fields.has(Field.FROM));
    assertFalse(fields.has(Field.TO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1, 2] | The body must be a JSON object, not an array",
        "null | The body must be a JSON object, not null",
        "'\"text\"' | The body must be a JSON object, not a string",
        "5 | The body must be a JSON object, not a number",
        "'' | The body must be a JSON object, not nothing",
        "{} {} | The body must be one JSON object and nothing after it",
      })
  void onlyOneObjectIsARequest(String body, String description) {
    assertEquals(description, refusal(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"app-id\": \"x\"",
        "{\"app-id\": NaN}",
        "{'app-id': 'x'}",
        "{app-id: 1}",
        "{\"app-id\": 01}",
        "{\"app-id\": \"x\",}",
        "{} x",
        "{\"x\": \"\\q\"}",
        "// comment\n{}"
      })
  void whatIsNotJsonIsToldItsPlace(String body) {
    assertTrue(
        refusal(body).matches("The body is not valid JSON: line \\d+, column \\d+"), refusal(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"token\": 1, \"token\": 1}",
        "{\"x\": 1, \"x\": 2}",
        "{\"x\": {\"y\": 1, \"y\": 2}}",
      })
  void aNameGivenTwiceIsToldItsPlace(String body) {
    assertTrue(
        refusal(body).matches("The body names a field twice: line \\d+, column \\d+"),
        refusal(body));
  }

  @Test
  void aFieldSpelledInTwoWaysIsGivenTwice() {
    assertEquals("Field 'call-id' is given twice", refusal("{\"call-id\": 1, \"call_id\": 1}"));
  }

  @Test
  void depthNamesAndNumbersAreBounded() {
    String told = "The body nests too deep, or a name, number or text in it is too long";
    assertEquals(told, refusal("{\"x\": " + "[".repeat(40) + "]".repeat(40) + "}"));
    assertEquals(told, refusal("{\"" + "x".repeat(20_000) + "\": 1}"));
    assertEquals(told, refusal("{\"badge\": " + "9".repeat(100) + "}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
  void otherEncodingsAreNotGuessed(String charset) {
    assertEquals(
        "The body must be JSON in UTF-8: it contains a NUL byte",
        refusal("{\"token\": \"x\"}".getBytes(Charset.forName(charset))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00e9", "\u00c3"})
  void illFormedUtf8IsReplacedAndRemembered(String bytes) {
    byte[] body = ("{\"token\": \"" + bytes + "\"}").getBytes(StandardCharsets.ISO_8859_1);
    RequestFields fields = JsonReader.read(body, SampleRequest.JSON);
    assertTrue(fields.isMended(fields.text(Field.TOKEN)));
    byte[] named = ("{\"token" + bytes + "\": 1}").getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("The body must be JSON in UTF-8: it has bytes that are not UTF-8", refusal(named));
  }

  @Test
  void aNameHasNoControlCharacters() {
    assertEquals("Field 'si?lent' has control characters", refusal("{\"si\nlent\": 1}"));
  }

  @Test
  void whatWasReadOfTheCallIdIsKnownWhenTheRestCannotBeRead() {
    RequestRefused refusal =
        assertThrows(
            RequestRefused.class, () -> parse("{\"call-id\": \"c1\", \"token\": nonsense"));
    assertEquals("c1", refusal.callId());
  }

  @Test
  void wellFormedUtf8Passes() {
    assertEquals("Ünï☎📞", parse("{\"from\": \"Ünï☎📞\"}").text(Field.FROM));
  }
}
