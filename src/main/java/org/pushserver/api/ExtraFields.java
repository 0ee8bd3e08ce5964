// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a request that are none of {@link Field}: read in a second pass, which only the
 * applications pay for whose type asks for them.
 */
final class ExtraFields {
  static final int MOST = 32;
  static final int LONGEST_NAME = 64;

  /** Of all texts together, in UTF-16 units: what a waiting push may hold of them. */
  static final int MOST_TEXT = 16 * 1024;

  private final Map<String, String> found = new HashMap<>();
  private int length;

  private ExtraFields() {}

  /**
   * Those among texts.
   *
   * @param texts by their names; null for one that is not there
   * @return names with dashes
   * @throws RequestRefused when there are too many, or they are too long, or one has a name that is
   *     none
   */
  static Map<String, String> of(Map<String, String> texts) {
    ExtraFields fields = new ExtraFields();
    texts.forEach(
        (name, text) -> {
          if (Field.named(name) == null && text != null) {
            fields.take(name, text);
          }
        });
    return Map.copyOf(fields.found);
  }

  /**
   * Reads them.
   *
   * @param body what {@link JsonReader#read} has found to be one JSON object
   * @param json from {@link JsonReader#factory}
   * @param others names that are none of them either
   * @return names with dashes; objects and arrays as the JSON text that they are; without nulls
   * @throws RequestRefused when there are too many, or they are too long, or one has a name that is
   *     none
   */
  static Map<String, String> read(byte[] body, JsonFactory json, Set<String> others) {
    ExtraFields fields = new ExtraFields();
    try (JsonParser parser = json.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken type = parser.nextToken();
        if (Field.named(name) == null && type != JsonToken.VALUE_NULL && !others.contains(name)) {
          fields.take(name, text(type, parser, body));
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the body was good JSON a moment ago", e);
    }
    return Map.copyOf(fields.found);
  }

  private static String text(JsonToken type, JsonParser parser, byte[] body) throws IOException {
    if (type.isScalarValue()) {
      return parser.getText();
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(body, start, end - start, UTF_8);
  }

  private void take(String name, String text) {
    String shown = Printable.quote(name);
    if (name.length() > LONGEST_NAME) {
      throw RequestRefused.badRequest(
          "Field %s has a name of %s characters; at most %s are allowed"
              .formatted(shown, name.length(), LONGEST_NAME));
    }
    FieldReader.requireNoControls(shown.substring(1, shown.length() - 1), name);
    length += text.length();
    if (length > MOST_TEXT) {
      throw RequestRefused.badRequest(
          "Field %s is too long: further fields may have %s characters in all"
              .formatted(shown, MOST_TEXT));
    }
    if (found.putIfAbsent(name.replace('_', '-'), ShownText.mend(text, MOST_TEXT, true)) != null) {
      throw RequestRefused.badRequest("Field " + shown + " is given twice");
    }
    if (found.size() > MOST) {
      throw RequestRefused.badRequest("There are more than " + MOST + " further fields");
    }
  }
}
