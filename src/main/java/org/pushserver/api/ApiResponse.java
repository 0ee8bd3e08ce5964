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

/**
 * What a caller gets: a status, and {@code {code, description, data}} in JSON, or, if it asked for
 * that, as a form. Immutable; any thread.
 *
 * @param retryAfter seconds after which to try again; 0 to say nothing about it
 * @param type the content type of its body
 */
public record ApiResponse(int status, Buffer body, int retryAfter, String type) {
  /** The content type of JSON. */
  public static final String TYPE = "application/json";

  /** Escaping keeps half characters, which a push service may quote, from being an error. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private static final ApiResponse ACCEPTED = of(RequestAnswer.accepted());
  private static final ApiResponse DENIED = of(RequestAnswer.denied());
  private static final ApiResponse BROKEN = of(RequestAnswer.broken());

  /**
   * The push was accepted, and its caller does not wait for it.
   *
   * @param form whether it was asked for as a form
   */
  static ApiResponse accepted(boolean form) {
    return form ? RequestAnswer.accepted().encoded(true) : ACCEPTED;
  }

  /** The caller's address is not on the list. */
  public static ApiResponse denied() {
    return DENIED;
  }

  /** A fault of ours. */
  public static ApiResponse broken() {
    return BROKEN;
  }

  /**
   * What others are told in their own words.
   *
   * @param body of JSON, or empty
   * @param retryAfter seconds after which to try again; 0 to say nothing about it
   */
  public static ApiResponse of(int status, Buffer body, int retryAfter) {
    return new ApiResponse(status, body, retryAfter, TYPE);
  }

  /**
   * The request ends at the door.
   *
   * @param retryAfter seconds after which to try again; 0 to say nothing about it
   */
  public static ApiResponse refused(int status, String description, int retryAfter) {
    return of(RequestAnswer.refused(status, description, retryAfter));
  }

  /**
   * The same.
   *
   * @param form whether it was asked for as a form
   */
  public static ApiResponse refused(RequestRefused refusal, boolean form) {
    return RequestAnswer.refused(refusal.status(), refusal.description(), refusal.retryAfter())
        .encoded(form);
  }

  /** The push came to its end, or was never accepted. */
  static ApiResponse outcome(Push push, Outcome outcome) {
    return of(RequestAnswer.outcome(push, outcome));
  }

  /** An answer in JSON. */
  static ApiResponse of(RequestAnswer answer) {
    Buffer body =
        written(
            json -> {
              json.writeStartObject();
              json.writeNumberField("code", answer.status());
              json.writeStringField("description", answer.description());
              json.writeFieldName("data");
              answer.data().write(json);
              json.writeEndObject();
            });
    return new ApiResponse(answer.status(), body, answer.retryAfter(), TYPE);
  }

  /**
   * An answer in JSON that is no more than some value.
   *
   * @param status 200 to 599
   */
  static ApiResponse of(int status, RequestAnswer.Data value) {
    return new ApiResponse(status, written(value), 0, TYPE);
  }

  private static Buffer written(RequestAnswer.Data value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      value.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** What is told besides the body. */
  public Map<String, String> headers() {
    return retryAfter > 0
        ? Map.of("content-type", type, "retry-after", Integer.toString(retryAfter))
        : Map.of("content-type", type);
  }
}
