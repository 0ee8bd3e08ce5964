// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The devices in a file of JSON lines, as {@link DeviceLines} writes it. */
final class JsonTokens implements FileRows {
  /** In UTF-16 units: a device has some hundred. */
  private static final int LONGEST = 1 << 16;

  private static final ObjectReader JSON =
      new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final BufferedReader in;
  private long number;

  private JsonTokens(BufferedReader in) {
    this.in = in;
  }

  static JsonTokens open(Path file) throws IOException {
    // What is not UTF-8 spoils its own line alone.
    return new JsonTokens(
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)));
  }

  @Override
  public FileRow next() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      line.setLength(0);
      if (!readLine(line)) {
        return null;
      }
      number++;
      String text = line.toString().strip();
      if (!text.isEmpty()) {
        return row("line " + number, text);
      }
    }
  }

  /** Reads one; of a line that is too long the beginning. Whether there was one. */
  private boolean readLine(StringBuilder line) throws IOException {
    int read = in.read();
    if (read < 0) {
      return false;
    }
    while (read >= 0 && read != '\n') {
      if (line.length() <= LONGEST) {
        line.append((char) read);
      }
      read = in.read();
    }
    return true;
  }

  private static FileRow row(String where, String line) {
    if (line.length() > LONGEST) {
      return FileRow.unreadable(where, "it is longer than " + LONGEST + " characters");
    }
    try {
      JsonNode json = JSON.readTree(line);
      return json.isObject()
          ? FileRow.of(where, fields(json))
          : FileRow.unreadable(where, "it is no JSON object");
    } catch (JsonProcessingException e) {
      // The message of the parser has a part of the line in it, and so of a token.
      return FileRow.unreadable(where, "it is no JSON");
    }
  }

  private static Map<String, String> fields(JsonNode json) {
    Map<String, String> fields = new HashMap<>();
    json.properties()
        .forEach(
            field -> {
              if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                fields.put(
                    field.getKey().toLowerCase(Locale.ROOT).replace('_', '-'),
                    field.getValue().asText());
              }
            });
    return fields;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
