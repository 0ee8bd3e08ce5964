// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the fields of a request were taken from, for the few who want more of it than them. */
sealed interface FieldSource {
  /**
   * The fields that are none of {@link Field}.
   *
   * @throws RequestRefused when there are too many, or they are too long
   */
  Map<String, String> further();

  /** All of it as one JSON object. */
  String json();

  /**
   * The contacts that it names, in their order.
   *
   * @throws RequestRefused when they are not given as they must be
   */
  List<NamedContact> contacts();

  /** The refusal of a field, or its name, with bytes that are not UTF-8 and cannot be mended. */
  RequestRefused notUtf8(String name);

  /**
   * The same for one of the devices of its contacts.
   *
   * @param others what its contact says, by field
   */
  FieldSource of(Map<Field, String> others);

  /** JSON in UTF-8. */
  final class Json implements FieldSource {
    private static final Set<String> OF_CONTACTS =
        Set.of(NamedContact.CONTACTS, NamedContact.CONTACT, NamedContact.REF);

    private final byte[] body;
    private final JsonFactory factory;

    /** What stands for others of its fields; null for none. */
    private final Map<Field, String> others;

    Json(byte[] body, JsonFactory factory) {
      this(body, factory, null);
    }

    private Json(byte[] body, JsonFactory factory, Map<Field, String> others) {
      this.body = body;
      this.factory = factory;
      this.others = others;
    }

    @Override
    public FieldSource of(Map<Field, String> device) {
      return new Json(body, factory, device);
    }

    @Override
    public Map<String, String> further() {
      return ExtraFields.read(body, factory, others == null ? Set.of() : OF_CONTACTS);
    }

    /** Of a device without the contacts: they are of others. */
    @Override
    public String json() {
      return others == null
          ? new String(body, StandardCharsets.UTF_8)
          : Texts.written(this::writeOthers);
    }

    private void writeOthers(JsonGenerator json) throws IOException {
      try (JsonParser parser = factory.createParser(body)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          Field field = Field.named(name);
          if (OF_CONTACTS.contains(name) || (field != null && others.containsKey(field))) {
            parser.nextToken();
            parser.skipChildren();
          } else {
            json.copyCurrentStructure(parser);
          }
        }
      }
      for (Map.Entry<Field, String> other : others.entrySet()) {
        json.writeStringField(other.getKey().wireName(), other.getValue());
      }
    }

    @Override
    public List<NamedContact> contacts() {
      return ContactFields.read(body, factory);
    }

    @Override
    public RequestRefused notUtf8(String name) {
      return RequestRefused.badRequest(
          "The body must be JSON in UTF-8: it has bytes that are not UTF-8");
    }
  }

  /** Texts by their names. */
  record Texts(Map<String, String> texts, List<NamedContact> contacts) implements FieldSource {
    private static final JsonFactory WRITER = new JsonFactory();

    /** Writes the fields of an object. */
    private interface Writing {
      void write(JsonGenerator json) throws IOException;
    }

    @Override
    public FieldSource of(Map<Field, String> device) {
      Map<String, String> all = new LinkedHashMap<>();
      texts.forEach(
          (name, text) -> {
            Field field = Field.named(name);
            if (field == null || !device.containsKey(field)) {
              all.put(name, text);
            }
          });
      device.forEach((field, text) -> all.put(field.wireName(), text));
      return new Texts(all, List.of());
    }

    @Override
    public Map<String, String> further() {
      return ExtraFields.of(texts);
    }

    @Override
    public String json() {
      return written(
          json -> {
            for (Map.Entry<String, String> text : texts.entrySet()) {
              json.writeStringField(text.getKey(), text.getValue());
            }
          });
    }

    private static String written(Writing fields) {
      StringWriter written = new StringWriter();
      try (JsonGenerator json = WRITER.createGenerator(written)) {
        json.writeStartObject();
        fields.write(json);
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException("a string cannot fail to be written", e);
      }
      return written.toString();
    }

    @Override
    public RequestRefused notUtf8(String name) {
      return noUtf8(name);
    }

    static RequestRefused noUtf8(String name) {
      return RequestRefused.badRequest(
          "Field " + Printable.quote(name) + " has bytes that are not UTF-8");
    }
  }
}
