// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Reads JSON that may be anything. Pure. */
final class Payloads {
  private Payloads() {}

  /** The value; empty when the text is not JSON, or is the JSON null. */
  static Optional<Object> parse(String text) {
    return parse(Buffer.buffer(text));
  }

  /** The JSON object; empty when the bytes are anything else. */
  static Optional<JsonObject> object(Buffer bytes) {
    return parse(bytes).filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
  }

  /** The object that another has under a name; an empty one when it has none there. */
  static JsonObject object(JsonObject parent, String name) {
    return parent.getValue(name) instanceof JsonObject child ? child : new JsonObject();
  }

  private static Optional<Object> parse(Buffer bytes) {
    try {
      return Optional.ofNullable(Json.decodeValue(bytes));
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }
}
