// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/**
 * What a caller gets: a status and {@code {code, description, data}}. Immutable; any thread.
 *
 * @param retryAfter seconds after which to try again; 0 to say nothing about it
 */
public record JsonResponse(int status, Buffer body, int retryAfter) {
  /** The content type of its body. */
  public static final String TYPE = "application/json";

  /** Queues drain by thousands a second: a second later there is room, or there is an outage. */
  private static final int OVERLOAD_PAUSE = 1;

  /** Escaping keeps half characters, which a push service may quote, from being an error. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final JsonResponse ACCEPTED =
      of(202, "accepted for delivery", JsonResponse::emptyObject);
  private static final JsonResponse DENIED =
      of(403, "access denied by access list", JsonResponse::emptyObject);
  private static final JsonResponse BROKEN =
      of(500, "internal error; the server's log has the cause", JsonResponse::emptyText);

  /** Writes the value of {@code data}. */
  @FunctionalInterface
  private interface Data {
    void write(JsonGenerator json) throws IOException;
  }

  /** The push was accepted, and its caller does not wait for it. */
  static JsonResponse accepted() {
    return ACCEPTED;
  }

  /** The caller's address is not on the list. */
  public static JsonResponse denied() {
    return DENIED;
  }

  /** A fault of ours. */
  public static JsonResponse broken() {
    return BROKEN;
  }

  /**
   * The request ends at the door.
   *
   * @param retryAfter seconds after which to try again; 0 to say nothing about it
   */
  public static JsonResponse refused(int status, String description, int retryAfter) {
    return new JsonResponse(status, json(status, description, JsonResponse::emptyText), retryAfter);
  }

  /** The push came to its end, or was never accepted. */
  static JsonResponse outcome(Push push, Outcome outcome) {
    Response response = outcome.response();
    return switch (outcome.result()) {
      case SUPERSEDED ->
          of(
              response.code(),
              response.reason(),
              json -> writeResponse(json, push, response, response.code()));
      case OVERLOADED, ABANDONED -> {
        int code = response.code();
        yield new JsonResponse(
            code,
            json(code, response.reason(), JsonResponse::emptyObject),
            code == 503 ? OVERLOAD_PAUSE : 0);
      }
      case EXPIRED ->
          of(
              504,
              "the push expired before the push service took it",
              json -> writeResponse(json, push, response, 504));
      case DELIVERED, REFUSED, DEAD_TOKEN -> {
        int status = statusWithBody(outcome);
        yield of(
            status,
            "push notification response",
            json -> writeResponse(json, push, response, status));
      }
    };
  }

  /** Some statuses, which a gateway may well use, would take the body off our answer. */
  private static int statusWithBody(Outcome outcome) {
    int code = outcome.response().code();
    if (code >= 200 && code != 204 && code != 205 && code != 304) {
      return code;
    }
    return outcome.result() == Outcome.Result.DELIVERED ? 200 : 502;
  }

  private static void writeResponse(JsonGenerator json, Push push, Response response, int code)
      throws IOException {
    json.writeStartObject();
    json.writeFieldName("body");
    json.writeRawValue(response.body());
    json.writeNumberField("code", code);
    json.writeStringField("reason", response.reason());
    json.writeStringField("url", response.url());
    json.writeStringField("platform", push.app().platform());
    json.writeStringField("call_id", push.callId());
    // As received: callers look their device up by it, so a pair stays a pair.
    json.writeStringField("token", push.device().registration());
    json.writeEndObject();
  }

  private static void emptyObject(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeEndObject();
  }

  private static void emptyText(JsonGenerator json) throws IOException {
    json.writeString("");
  }

  private static JsonResponse of(int status, String description, Data data) {
    return new JsonResponse(status, json(status, description, data), 0);
  }

  private static Buffer json(int code, String description, Data data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("code", code);
      json.writeStringField("description", description);
      json.writeFieldName("data");
      data.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** What is told besides the body. */
  public Map<String, String> headers() {
    return retryAfter > 0
        ? Map.of("content-type", TYPE, "retry-after", Integer.toString(retryAfter))
        : Map.of("content-type", TYPE);
  }
}
