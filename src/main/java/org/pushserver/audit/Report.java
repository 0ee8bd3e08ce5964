// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.pushserver.log.Secrets;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Payload;

/**
 * What a collector is told about one push, as JSON. Two shapes have been announced to their
 * authors; this is both in one, so that the readers of either find what they look for.
 */
final class Report {
  /** Escaping keeps half characters, which anybody may send, from being an error. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final String INCOMING_BODY = "incoming_body";
  private static final String OUTGOING_HEADERS = "outgoing_headers";
  private static final String OUTGOING_BODY = "outgoing_body";

  /** They stand in the same object as the fields of the request. */
  private static final Set<String> OURS = Set.of(INCOMING_BODY, OUTGOING_HEADERS, OUTGOING_BODY);

  private final Push push;
  private final Payload sent;

  private Report(Push push, Payload sent) {
    this.push = push;
    this.sent = sent;
  }

  /**
   * The report of a push that has ended.
   *
   * @param sent the last that the push service was sent; null when there was none
   * @param serverIp this machine's address
   * @param now milliseconds since the epoch
   */
  static Buffer of(Push push, Payload sent, Outcome outcome, String serverIp, long now) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      new Report(push, sent).write(json, outcome, serverIp, now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private void write(JsonGenerator json, Outcome outcome, String serverIp, long now)
      throws IOException {
    Response response = outcome.response();
    json.writeStartObject();
    json.writeObjectFieldStart("request");
    writeReceived(json);
    writeExchange(json);
    json.writeEndObject();
    json.writeObjectFieldStart("response");
    json.writeNumberField("code", response.code());
    json.writeStringField(
        "description", response.reason().isEmpty() ? outcome.result().name() : response.reason());
    json.writeStringField("push_url", response.url());
    json.writeStringField("result", outcome.result().name());
    json.writeNumberField("attempts", outcome.attempts());
    writeExchange(json);
    json.writeEndObject();
    json.writeStringField("server_ip", serverIp);
    json.writeStringField("timestamp", Instant.ofEpochMilli(now).toString());
    json.writeEndObject();
  }

  /** The fields of the request, as fields of this object. */
  private void writeReceived(JsonGenerator json) throws IOException {
    if (push.request() == null) {
      return;
    }
    try (JsonParser parser = JSON.createParser(push.request())) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("the request is no object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        if (OURS.contains(parser.currentName())) {
          parser.nextToken();
          parser.skipChildren();
        } else {
          json.copyCurrentStructure(parser);
        }
      }
    }
  }

  private void writeExchange(JsonGenerator json) throws IOException {
    json.writeFieldName(INCOMING_BODY);
    writeJson(json, push.request());
    json.writeObjectFieldStart(OUTGOING_HEADERS);
    if (sent != null) {
      for (Map.Entry<String, String> header : sent.headers().entrySet()) {
        if (!Secrets.isSecret(header.getKey())) {
          json.writeStringField(header.getKey(), header.getValue());
        }
      }
    }
    json.writeEndObject();
    json.writeFieldName(OUTGOING_BODY);
    writeJson(json, sent == null ? null : sent.body().toString());
  }

  private static void writeJson(JsonGenerator json, String text) throws IOException {
    if (text == null) {
      json.writeNull();
    } else if (isJson(text)) {
      json.writeRawValue(text);
    } else {
      json.writeString(text);
    }
  }

  /** A custom push service may send whatever it likes. */
  private static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
