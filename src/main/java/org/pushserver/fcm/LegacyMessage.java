// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The request of the legacy API, made of the one of HTTP v1. */
final class LegacyMessage {
  private static final JsonFactory JSON = new JsonFactory();

  /** What existing installations send: a second less than the API's maximum of four weeks. */
  private static final long LONGEST_SECONDS = 2_419_199;

  private LegacyMessage() {}

  /**
   * Takes {@code data} over; the rest of the message has no place in the legacy request.
   *
   * @param v1 {@code {"message": {"data": {...}, ...}}}
   * @param remainingMs what is left of the push's life: the phone must not get it later
   * @param isUrgent whether the phone is to get it now, and not when it suits the battery
   * @throws IllegalArgumentException when it is no such request
   */
  static Buffer of(Buffer v1, String token, long remainingMs, boolean isUrgent) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(v1.length() + 64);
    try (JsonParser message = JSON.createParser(v1.getBytes());
        JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("to", token);
      json.writeNumberField("time_to_live", Math.min(LONGEST_SECONDS, remainingMs / 1000));
      json.writeStringField("priority", isUrgent ? "high" : "normal");
      if (enter(message, "message") && skipTo(message, "data")) {
        json.writeFieldName("data");
        json.copyCurrentStructure(message);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalArgumentException("the payload is no JSON", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static boolean enter(JsonParser parser, String name) throws IOException {
    return parser.nextToken() == JsonToken.START_OBJECT
        && skipTo(parser, name)
        && parser.currentToken() == JsonToken.START_OBJECT;
  }

  /** From within an object to the value of one of its fields; false when it has no such field. */
  private static boolean skipTo(JsonParser parser, String name) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = parser.currentName().equals(name);
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }
}
