// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A push service's answer in the shape that clients of existing installations read. */
final class RecordedBody {
  private static final JsonFactory JSON = new JsonFactory();

  /** Far more than FCM says; a client gets no megabytes of somebody's error page. */
  private static final int MAX_BYTES = 64 * 1024;

  private static final String NO_JSON = "null";

  private RecordedBody() {}

  /**
   * @param content what was answered; shown as null when it is not JSON
   * @param phrase what the status means
   */
  static String of(int status, String phrase, String url, Buffer content) {
    StringWriter text = new StringWriter(256 + content.length());
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeFieldName("_content");
      json.writeRawValue(content(content));
      json.writeBooleanField("_content_consumed", true);
      json.writeStringField("encoding", StandardCharsets.UTF_8.name());
      json.writeStringField("reason", phrase);
      json.writeNumberField("status_code", status);
      json.writeStringField("url", url);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot be written to", e);
    }
    return text.toString();
  }

  /** Written anew rather than passed on: only so is it sure to be one JSON value. */
  private static String content(Buffer content) {
    if (content.length() == 0 || content.length() > MAX_BYTES) {
      return NO_JSON;
    }
    StringWriter text = new StringWriter(content.length());
    try (JsonParser parser = JSON.createParser(content.getBytes());
        JsonGenerator json = JSON.createGenerator(text)) {
      if (parser.nextToken() == null) {
        return NO_JSON;
      }
      json.copyCurrentStructure(parser);
      if (parser.nextToken() != null) {
        return NO_JSON;
      }
    } catch (IOException e) {
      return NO_JSON;
    }
    return text.toString();
  }
}
