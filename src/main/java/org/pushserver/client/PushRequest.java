// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON of {@code POST /push}, in the order in which the fields are set. */
final class PushRequest {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /** Sets one field; null leaves it out. */
  void set(String name, Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        json.writeObjectField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
