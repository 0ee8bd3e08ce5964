// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.pushserver.Main;

/** The form of a message, as its file in the jar says it. */
// A validator does not say so, but changes nothing in itself.
@SuppressWarnings("ImmutableEnumChecker")
public enum MessageSchema {
  REQUEST,
  REPLY,
  RESULT,
  STATUS;

  private final Validator reader;
  private final Validator strict;

  MessageSchema() {
    reader = validator(json());
    strict = validator(closed(json()));
  }

  private String text() {
    String file = "schema/" + name().toLowerCase(Locale.ROOT) + ".json";
    try (InputStream in = Main.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Validator validator(JsonObject schema) {
    return Validator.create(
        JsonSchema.of(schema),
        new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri("https://pushserver.example")
            .setOutputFormat(OutputFormat.Basic));
  }

  /** The same, in which nothing may stand that has no name in it. */
  private static JsonObject closed(JsonObject schema) {
    JsonObject closed = new JsonObject();
    schema.forEach(entry -> closed.put(entry.getKey(), closed(entry.getValue())));
    if (schema.getValue("properties") instanceof JsonObject && schema.containsKey("type")) {
      closed.put("additionalProperties", false);
    }
    return closed;
  }

  private static Object closed(Object value) {
    if (value instanceof JsonObject object) {
      return closed(object);
    }
    if (value instanceof JsonArray array) {
      JsonArray closed = new JsonArray();
      array.forEach(one -> closed.add(closed(one)));
      return closed;
    }
    return value;
  }

  /** The file, read anew: a validator writes notes of its own into what it is given. */
  public JsonObject json() {
    return new JsonObject(text());
  }

  /** Whether a reader may meet this, also from a later server. */
  public boolean allows(JsonObject message) {
    return reader.validate(message).getValid();
  }

  /** Fails unless this is in the form, and every name in it is described. */
  public void assertDescribes(JsonObject message) {
    OutputUnit judged = strict.validate(message);
    if (!judged.getValid()) {
      throw new AssertionError(
          name() + " does not describe " + message + ": " + judged.getErrors());
    }
  }
}
