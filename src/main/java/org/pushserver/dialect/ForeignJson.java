// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;

/**
 * The JSON of foreign senders: read within our own limits, and as lenient as scripts are careless.
 */
final class ForeignJson {
  private ForeignJson() {}

  /**
   * The object that the body of a request is.
   *
   * @throws RequestRefused when it is none
   */
  static JsonObject read(ForeignRequest request) {
    // Bytes that are not UTF-8 become replacement characters, which a phone may show.
    String text = new String(request.body(), UTF_8);
    try (JsonParser parser = request.policy().json().createParser(text)) {
      if (JacksonCodec.fromParser(parser, Object.class) instanceof JsonObject object) {
        return object;
      }
    } catch (IOException | DecodeException e) {
      // Told below, like what is none.
    }
    throw RequestRefused.badRequest("The body must be one JSON object");
  }

  /**
   * A text; numbers and literals count as text.
   *
   * @return null when there is none
   * @throws RequestRefused when it is an object or array
   */
  static String text(JsonObject from, String name) {
    Object value = from.getValue(name);
    if (value instanceof JsonObject || value instanceof JsonArray) {
      throw wrong(name, "a text");
    }
    return value == null ? null : value.toString();
  }

  /** The same, but null for an empty one, too. */
  static String filled(JsonObject from, String name) {
    String text = text(from, name);
    return text == null || text.isEmpty() ? null : text;
  }

  /** A text that is not empty; where there is none, that of another place. */
  static String first(JsonObject from, String name, JsonObject other, String otherName) {
    String text = filled(from, name);
    return text == null ? filled(other, otherName) : text;
  }

  /**
   * An object.
   *
   * @return an empty one when there is none
   */
  static JsonObject object(JsonObject from, String name) {
    Object value = from.getValue(name);
    if (value == null) {
      return new JsonObject();
    }
    if (value instanceof JsonObject object) {
      return object;
    }
    throw wrong(name, "an object");
  }

  /**
   * An array of objects.
   *
   * @return an empty one when there is none
   */
  static List<JsonObject> objects(JsonObject from, String name) {
    List<JsonObject> objects = new ArrayList<>();
    for (Object one : array(from, name)) {
      if (!(one instanceof JsonObject object)) {
        throw wrong(name, "an array of objects");
      }
      objects.add(object);
    }
    return objects;
  }

  /** An array of texts, in the same way. */
  static List<String> texts(JsonObject from, String name) {
    List<String> texts = new ArrayList<>();
    for (Object one : array(from, name)) {
      if (!(one instanceof String text)) {
        throw wrong(name, "an array of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  private static JsonArray array(JsonObject from, String name) {
    Object value = from.getValue(name);
    if (value == null) {
      return new JsonArray();
    }
    if (value instanceof JsonArray array) {
      return array;
    }
    throw wrong(name, "an array");
  }

  private static RequestRefused wrong(String name, String allowed) {
    return RequestRefused.badRequest(Printable.quote(name) + " must be " + allowed);
  }

  /** A text that can be written as JSON: without half characters, which others may have sent. */
  static String whole(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  /** An object with one text in it. */
  static Buffer of(String name, String text) {
    return new JsonObject().put(name, whole(text)).toBuffer();
  }
}
