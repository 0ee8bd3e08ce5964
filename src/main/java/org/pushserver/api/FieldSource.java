// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

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

  /** JSON in UTF-8. */
  final class Json implements FieldSource {
    private final byte[] body;
    private final JsonFactory factory;

    Json(byte[] body, JsonFactory factory) {
      this.body = body;
      this.factory = factory;
    }

    @Override
    public Map<String, String> further() {
      return ExtraFields.read(body, factory);
    }

    @Override
    public String json() {
      return new String(body, StandardCharsets.UTF_8);
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

    @Override
    public Map<String, String> further() {
      return ExtraFields.of(texts);
    }

    @Override
    public String json() {
      StringWriter written = new StringWriter();
      try (JsonGenerator generator = WRITER.createGenerator(written)) {
        generator.writeStartObject();
        for (Map.Entry<String, String> text : texts.entrySet()) {
          generator.writeStringField(text.getKey(), text.getValue());
        }
        generator.writeEndObject();
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
