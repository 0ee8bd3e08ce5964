// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushserver.ingress.ApiContract;
import org.pushserver.push.Outcome;

/** The schema files of the messages, beside the OpenAPI document and the rule for versions. */
class MessageSchemaTest {
  private static final Set<String> NOTES =
      Set.of("$schema", "$id", "title", "description", "additionalProperties");

  private static final JsonObject COMPONENTS =
      new JsonObject(ApiContract.text()).getJsonObject("components").getJsonObject("schemas");

  /** What is said of values, wherever it stands: references followed, words in one form. */
  private static Object rules(Object value) {
    if (value instanceof JsonArray array) {
      JsonArray rules = new JsonArray();
      array.forEach(one -> rules.add(rules(one)));
      return rules;
    }
    return value instanceof JsonObject object ? rules(object) : value;
  }

  private static JsonObject rules(JsonObject schema) {
    if (schema.containsKey("$ref")) {
      return rules(COMPONENTS.getJsonObject(schema.getString("$ref").replaceFirst(".*/", "")));
    }
    JsonObject rules = new JsonObject();
    for (String key : schema.fieldNames()) {
      Object value = schema.getValue(key);
      if (key.equals("properties")) {
        JsonObject properties = new JsonObject();
        ((JsonObject) value)
            .forEach(entry -> properties.put(entry.getKey(), rules(entry.getValue())));
        rules.put(key, properties);
      } else if (key.equals("enum")) {
        rules.put("examples", value);
      } else if (!NOTES.contains(key)) {
        rules.put(key, rules(value));
      }
    }
    return rules;
  }

  /** What is added to one of the two must be added to the other. */
  @ParameterizedTest
  @CsvSource({"REQUEST, Push", "REPLY, Answer", "STATUS, Health"})
  void theySayTheSameAsTheOpenApiDocument(MessageSchema schema, String component) {
    assertEquals(
        rules(COMPONENTS.getJsonObject(component)),
        rules(schema.json()),
        () -> "openapi.json, " + component + ", and schema/" + schema + " differ");
  }

  @ParameterizedTest
  @EnumSource
  void eachNamesItsVersion(MessageSchema schema) {
    String name = schema.name().toLowerCase(Locale.ROOT);
    assertEquals("urn:pushserver:" + name + ":1", schema.json().getString("$id"));
    assertEquals(
        "https://json-schema.org/draft/2020-12/schema", schema.json().getString("$schema"));
  }

  @ParameterizedTest
  @EnumSource
  void everyPropertyIsDescribed(MessageSchema schema) {
    List<String> silent = new ArrayList<>();
    collect("", schema.json(), silent);
    assertEquals(List.of(), silent);
  }

  private static void collect(String path, Object value, List<String> silent) {
    if (value instanceof JsonArray array) {
      array.forEach(one -> collect(path, one, silent));
    } else if (value instanceof JsonObject object) {
      if (object.containsKey("type")
          && object.getValue("properties") instanceof JsonObject properties) {
        for (String name : properties.fieldNames()) {
          if (properties.getJsonObject(name).getString("description", "").isBlank()) {
            silent.add(path + "/" + name);
          }
        }
      }
      object.forEach(entry -> collect(path + "/" + entry.getKey(), entry.getValue(), silent));
    }
  }

  @Test
  void readersMustTakeNamesAndWordsThatCameLater() {
    JsonObject reply =
        new JsonObject().put("code", 200).put("description", "x").put("data", new JsonObject());
    assertTrue(MessageSchema.REPLY.allows(reply));
    assertTrue(MessageSchema.REPLY.allows(reply.copy().put("later", 1)));
    assertFalse(MessageSchema.REPLY.allows(reply.copy().put("code", "200")));
    JsonObject status = new JsonObject().put("version", 1).put("status", "tired").put("later", 1);
    assertTrue(MessageSchema.STATUS.allows(status));
    assertFalse(MessageSchema.STATUS.allows(status.copy().put("version", 2)));
  }

  @Test
  void everyEndHasItsWord() {
    JsonObject result = MessageSchema.RESULT.json().getJsonObject("properties");
    List<String> words = Arrays.stream(Outcome.Result.values()).map(Enum::name).toList();
    assertEquals(new JsonArray(words), result.getJsonObject("result").getJsonArray("examples"));
    String described = result.getJsonObject("result").getString("description");
    words.forEach(word -> assertTrue(described.contains(word), word));
  }
}
